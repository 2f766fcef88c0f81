//! Tails of a fair coin: what the sign test and McNemar's test rest on.

/// Up to this many throws all is whole numbers below 2^127.
const WHOLE: i64 = 120;

/// What is to be said of `up` and `down` throws of a fair coin.
pub(super) struct Fair {
    /// Twice the smaller tail, 1 at most.
    pub(super) exact: f64,
    /// The same less the chance of just this outcome; one less half of it when both came equally often.
    pub(super) mid: f64,
}

/// Of at least one throw; neither count below 0.
pub(super) fn fair(up: i64, down: i64) -> Fair {
    let (n, least) = (up.saturating_add(down), up.min(down));
    let (tail, at) = if n <= WHOLE { whole(n, least) } else { relative(n, least) };
    if up == down {
        return Fair { exact: 1.0, mid: 1.0 - at / 2.0 };
    }
    Fair { exact: 2.0 * tail, mid: 2.0 * tail - at }
}

/// The chances of at most `least` and of just `least` of `n`, from whole numbers.
fn whole(n: i64, least: i64) -> (f64, f64) {
    let (mut at, mut tail) = (1i128, 1i128);
    for i in 0..least {
        at = at * i128::from(n - i) / i128::from(i + 1);
        tail += at;
    }
    let all = (1i128 << n) as f64; // dividing by it rounds nothing
    (tail as f64 / all, at as f64 / all)
}

/// The same from the middle outwards, each number of ways as a part of that of the middle, so that nothing is too large to be held. Ends where
/// the parts are too small to be told from 0: after some 39 standard deviations.
fn relative(n: i64, least: i64) -> (f64, f64) {
    let middle = n / 2;
    let (mut ways, mut at, mut tail, mut half) = (1.0f64, 0.0, 0.0, 0.0);
    for i in (0..=middle).rev() {
        if i <= least {
            tail += ways;
        }
        if i == least {
            at = ways;
        }
        // The middle of an even number stands for itself, all else for two.
        half += if 2 * i == n { ways / 2.0 } else { ways };
        ways *= i as f64 / (n - i + 1) as f64;
        if ways <= 0.0 {
            break;
        }
    }
    (tail / (2.0 * half), at / (2.0 * half))
}
