//! What people ask of a claim, answered from its own numbers; what it does not say; and how to quote it.

use super::document::{Counted, NOT_SHOWN, Passport, Question, Share};
use super::words::capital;
use crate::domain::definition::{Model, Statistic};
use crate::domain::statement::thousands;

/// What a claim of this kind does not say.
pub(super) fn cautions(statistic: Statistic) -> Vec<String> {
    let first = match statistic {
        Statistic::Attribution => {
            "This is what people say their support did for them. That is not the same as a change that was measured: \
             for that, the same people are asked at two times."
        }
        Statistic::Frequency | Statistic::Level | Statistic::Score => {
            "This says how things are for people at one time. It does not say that anything has changed."
        }
    };
    let rest = [
        "It does not show what the cause is. There is no comparison with people who have no support.",
        "People who did not answer may have said something else.",
    ];
    std::iter::once(first).chain(rest).map(str::to_owned).collect()
}

/// The questions, in the order in which people ask them.
pub(super) fn questions(passport: &Passport) -> Vec<Question> {
    let asked = [
        ("How sure can we be?", sure(passport)),
        ("What did the others say?", others(passport)),
        ("Who was asked, and who answered?", who_answered(passport)),
        ("Whose answers were left out?", left_out(passport)),
        ("Did people answer for themselves?", who_helped(passport)),
        ("Is it different where a supporter helped with the answers?", without_supporter(passport)),
        ("Which schemes are in it?", schemes(passport)),
        ("Has it got better?", change(passport)),
        ("Does it prove that the support is the cause?", cause(passport)),
    ];
    asked.into_iter().map(|(question, answer)| Question { question: question.to_owned(), answer }).collect()
}

/// A sentence that can be quoted as it is: base, interval, period, place and address are in it.
pub(super) fn quote(passport: &Passport) -> String {
    let claim = passport.headline.trim_end_matches('.');
    format!(
        "{claim} ({}; {}, {}, {}). Source: Key Human Indicators, {}.",
        figure(passport),
        passport.place.name,
        model_title(&passport.model),
        passport.period.in_words,
        passport.id
    )
}

/// “89.9%, 4,513 of 5,020 people who answered, 95% interval 89.0% to 90.7%”.
fn figure(passport: &Passport) -> String {
    let base = format!("{} of {} people who answered", thousands(passport.positive), thousands(passport.n));
    match &passport.interval {
        Some(ends) => {
            format!("{:.1}%, {base}, 95% interval {:.1}% to {:.1}%", passport.percent, ends.low, ends.high)
        }
        None => format!("{:.1}%, {base}", passport.percent),
    }
}

fn sure(passport: &Passport) -> String {
    let Some(ends) = &passport.interval else { return hidden("The interval is") };
    format!(
        "{} people answered. If as many people like them were asked again in the same way, the figure would most likely lie between {:.1}% and \
         {:.1}% (95% interval, by Wilson's method).",
        thousands(passport.n),
        ends.low,
        ends.high
    )
}

fn others(passport: &Passport) -> String {
    let rest = passport.n - passport.positive;
    let Some(answers) = &passport.answers else {
        return format!("{} gave another answer. How many gave which is {NOT_SHOWN}.", people(rest));
    };
    let is_positive = |code: &str| {
        let offered = passport.wording.iter().flat_map(|w| &w.questions).flat_map(|q| &q.answers);
        offered.clone().any(|a| a.code == code && a.positive)
    };
    let said: Vec<String> = answers
        .iter()
        .filter(|answer| !is_positive(&answer.code))
        .map(|answer| format!("“{}”: {}", answer.words, thousands(answer.people)))
        .collect();
    format!("{} gave another answer, and all of them count. {}.", people(rest), said.join("; "))
}

fn who_answered(passport: &Passport) -> String {
    let asked = &passport.asked;
    if asked.invited == Some(0) {
        return "Nobody was asked by name: people answered in other ways, so there is no response rate."
            .into();
    }
    let steps = [
        (asked.supported, "were supported"),
        (asked.eligible, "could be asked"),
        (asked.invited, "were asked"),
        (asked.responded, "of those answered"),
    ];
    let known: Vec<String> = steps
        .iter()
        .filter_map(|(count, words)| count.map(|count| format!("{} {words}", thousands(count))))
        .collect();
    if known.is_empty() {
        return hidden("How many people were asked is");
    }
    let rate = asked.response_rate.map(|rate| format!(" That is a response rate of {rate:.1}%."));
    let open = asked.open.filter(|open| *open > 0).map(|open| {
        format!(
            " Among all answers, {} came through an open link, from people nobody had invited.",
            thousands(open)
        )
    });
    let steps = format!("Of the people in this period, {}.", known.join(", "));
    [Some(steps), rate, open].into_iter().flatten().collect()
}

fn left_out(passport: &Passport) -> String {
    let Some(reasons) = &passport.left_out else { return hidden("How many were left out, and why, is") };
    let all: i64 = reasons.iter().map(|r| r.people).sum();
    if all == 0 {
        return "Nobody's. Everybody who answered the survey answered this question.".into();
    }
    let reasons = reasons.iter().filter(|r| r.people > 0).map(|r| listed(r, "")).collect::<Vec<_>>();
    format!("{} who answered the survey are not in the figure. {}.", people(all), reasons.join("; "))
}

fn who_helped(passport: &Passport) -> String {
    let counts = passport.wording.last().is_some_and(|w| w.proxies_count);
    let rule = if counts {
        "Answers that somebody gave for a person count here."
    } else {
        "Answers that somebody gave for a person do not count."
    };
    let Some(who) = &passport.completed_by else {
        return format!("{} {rule}", hidden("Who gave the answers is"));
    };
    let said = who.iter().filter(|w| w.people > 0);
    let said = said.map(|w| listed(w, if w.code == "proxy" && !counts { " (not counted)" } else { "" }));
    format!("{}. {rule}", said.collect::<Vec<_>>().join("; "))
}

fn without_supporter(passport: &Passport) -> String {
    let Some(without) = &passport.without_supporter else {
        return hidden("The figure without such answers is");
    };
    let Share { positive, n, percent, interval } = without;
    if *n == passport.n {
        return "Nobody who gives the support helped with these answers.".into();
    }
    let interval = interval
        .as_ref()
        .map_or_else(String::new, |ends| format!(", 95% interval {:.1}% to {:.1}%", ends.low, ends.high));
    format!(
        "With all answers it is {:.1}%. Without those that somebody helped with who gives the support it is {percent:.1}% ({} of {}{interval}).",
        passport.percent,
        thousands(*positive),
        thousands(*n)
    )
}

fn schemes(passport: &Passport) -> String {
    match passport.schemes {
        None => hidden("How many schemes take part is"),
        Some(taking) if taking.part == taking.all => {
            format!("All {} schemes of {} there.", taking.all, model_title(&passport.model))
        }
        Some(taking) => format!(
            "{} of {} schemes of {} there. Nothing is known of people in the others.",
            taking.part,
            taking.all,
            model_title(&passport.model)
        ),
    }
}

fn change(passport: &Passport) -> String {
    let alone = format!(
        "This figure is of one period and cannot say so. It may be compared with figures of the same wording ({}) only, with both intervals.",
        passport.series
    );
    let Some(change) = &passport.change else { return alone };
    let (Some(improved), Some(worse)) = (change.improved, change.worse) else { return alone };
    let months =
        change.median_months.map_or_else(String::new, |months| format!(", {months} months apart (median)"));
    format!(
        "{alone} {} answered at two times{months}: of {} the answer got better, of {} it stayed, of {} it got worse. {} who answered before have no \
         valid answer now.",
        people(change.pairs),
        thousands(improved),
        thousands(change.same),
        thousands(worse),
        people(change.lost)
    )
}

fn cause(passport: &Passport) -> String {
    format!("No. {}", passport.cautions.iter().take(2).map(String::as_str).collect::<Vec<_>>().join(" "))
}

fn listed(counted: &Counted, mark: &str) -> String {
    format!("{}: {}{mark}", counted.words, thousands(counted.people))
}

fn hidden(what: &str) -> String {
    capital(&format!("{what} {NOT_SHOWN}."))
}

fn people(count: i64) -> String {
    if count == 1 { "1 person".into() } else { format!("{} people", thousands(count)) }
}

fn model_title(code: &str) -> &str {
    match Model::parse(code) {
        Some(model) => model.title(),
        None => code,
    }
}
