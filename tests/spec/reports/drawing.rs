//! What a drawing shows, and that nothing in it lies outside or over something else.

use khi::domain::report::drawing::{Anchor, Canvas, Dash, Mark, Scene, Tone, draw, generous};
use khi::domain::report::{Bar, Chart, Part, Point, Shape, Stack};
use khi::reports::svg::svg;

use super::example;

fn scene(chart: &Chart, width: f64) -> Scene {
    draw(chart, &Canvas { width, size: 15.0, measure: &generous, language: "en" })
}

/// Left, right, upper and lower edge of a line of words.
fn place(mark: &Mark) -> Option<[f64; 4]> {
    let Mark::Words { at, text, size, bold, anchor } = mark else { return None };
    let width = generous(text, *size, *bold);
    let left = match anchor {
        Anchor::Start => at.0,
        Anchor::Middle => at.0 - width / 2.0,
        Anchor::End => at.0 - width,
    };
    Some([left, left + width, at.1 - size * 0.72, at.1 + size * 0.2])
}

fn texts(scene: &Scene) -> Vec<&str> {
    scene
        .marks
        .iter()
        .filter_map(|m| if let Mark::Words { text, .. } = m { Some(text.as_str()) } else { None })
        .collect()
}

#[test]
fn words_stay_inside_and_never_lie_over_each_other() {
    for chart in example::charts() {
        for width in [320.0, 680.0, 1200.0] {
            let scene = scene(&chart, width);
            let places: Vec<[f64; 4]> = scene.marks.iter().filter_map(place).collect();
            for (index, one) in places.iter().enumerate() {
                let inside =
                    one[0] >= -0.5 && one[1] <= width + 0.5 && one[2] >= -0.5 && one[3] <= scene.height + 0.5;
                assert!(inside, "{} at {width}: {one:?} in {}", chart.id, scene.height);
                for other in &places[..index] {
                    let apart =
                        one[1] <= other[0] || other[1] <= one[0] || one[3] <= other[2] || other[3] <= one[2];
                    assert!(apart, "{} at {width}: {one:?} {other:?} {:?}", chart.id, texts(&scene));
                }
            }
        }
    }
}

#[test]
fn everything_that_is_drawn_is_inside() {
    for chart in example::charts() {
        for width in [320.0, 680.0] {
            let scene = scene(&chart, width);
            let inside = |(x, y): (f64, f64)| {
                (-1.0..=width + 1.0).contains(&x) && (-1.0..=scene.height + 1.0).contains(&y)
            };
            for mark in &scene.marks {
                let points = match mark {
                    Mark::Area { area, .. } => {
                        vec![(area.x, area.y), (area.x + area.width, area.y + area.height)]
                    }
                    Mark::Path { points, .. } => points.clone(),
                    Mark::Dot { at, .. } => vec![*at],
                    Mark::Words { .. } => Vec::new(),
                };
                assert!(points.into_iter().all(inside), "{} at {width}: {mark:?}", chart.id);
            }
        }
    }
}

#[test]
fn a_bar_without_a_figure_says_why_and_the_own_place_stands_out() {
    let scene = scene(&example::bars("bars"), 680.0);
    assert!(texts(&scene).contains(&"too few people to show"));
    let areas = |wanted: Tone| {
        scene.marks.iter().filter(|m| matches!(m, Mark::Area { tone, .. } if *tone == wanted)).count()
    };
    assert_eq!((areas(Tone::Own), areas(Tone::Other)), (1, 4));
    let bold = |text: &str| {
        scene.marks.iter().any(|m| matches!(m, Mark::Words { text: t, bold: true, .. } if t == text))
    };
    assert!(bold("Leeds Shared Lives") && !bold("England"));
}

#[test]
fn bars_begin_at_0_and_are_as_long_as_their_shares() {
    let scene = scene(&example::bars("bars"), 680.0);
    let lengths: Vec<(f64, f64)> = scene
        .marks
        .iter()
        .filter_map(|m| if let Mark::Area { area, .. } = m { Some((area.x, area.width)) } else { None })
        .collect();
    let shares = [90.0, 87.2, 88.4, 100.0, 0.0];
    let whole = lengths[3].1;
    for ((x, length), share) in lengths.iter().zip(shares) {
        assert!(
            (x - lengths[0].0).abs() < 1e-9 && (length - whole * share / 100.0).abs() < 1e-6,
            "{share}: {length}"
        );
    }
}

#[test]
fn the_worst_part_is_drawn_and_named_however_small() {
    for (width, names) in [(320.0, ["Better", "The same", "Worse"]), (680.0, ["Better", "The same", "Worse"])]
    {
        let scene = scene(&example::stacks("three", &names), width);
        let worst: Vec<f64> = scene
            .marks
            .iter()
            .filter_map(|m| {
                if let Mark::Area { area, tone: Tone::Worst, .. } = m { Some(area.width) } else { None }
            })
            .collect();
        assert!(worst.len() >= 3 && worst.iter().all(|width| *width > 1.0), "{worst:?}");
        let said = texts(&scene);
        for share in ["3.1%", "15.2%", "1.4%"] {
            assert!(said.iter().any(|t| t.contains(share)), "{share} in {said:?}");
        }
        assert!(said.iter().any(|t| t.contains("Worse")));
    }
}

#[test]
fn no_band_is_drawn_as_the_worst() {
    let scene = scene(&example::bands("bands"), 680.0);
    assert!(scene.marks.iter().all(|m| !matches!(m, Mark::Area { tone: Tone::Worst | Tone::Poor, .. })));
    let last = |m: &Mark| matches!(m, Mark::Words { text, bold, .. } if text.contains("10 or more") && !bold);
    assert!(scene.marks.iter().any(last), "{:?}", texts(&scene));
}

#[test]
fn a_line_is_interrupted_where_a_figure_is_missing_or_another_wording_begins() {
    // (figures, whether each begins another wording) -> how many points each line goes through, dashed and dotted lines.
    let cases: [(&[Option<f64>], &[bool], &[usize], usize, usize); 5] = [
        (&[Some(50.0), Some(60.0), Some(70.0)], &[false, false, false], &[3], 0, 0),
        (&[Some(50.0), None, Some(70.0), Some(71.0)], &[false; 4], &[2], 0, 1),
        (&[Some(50.0), Some(60.0), Some(70.0), Some(71.0)], &[false, false, true, false], &[2, 2], 1, 0),
        (&[Some(50.0), None, None, Some(71.0)], &[true, false, false, true], &[], 1, 2),
        (&[None], &[false], &[], 0, 1),
    ];
    for (values, breaks, lines, dashed, dotted) in cases {
        let points = values.iter().zip(breaks).enumerate().map(|(index, (value, breaks))| Point {
            label: format!("{}", 2020 + index),
            value: *value,
            interval: None,
            text: value.map_or_else(|| "too few".to_owned(), |v| format!("{v:.1}%")),
            breaks: *breaks,
        });
        let chart =
            Chart { shape: Shape::OverTime { points: points.collect() }, ..example::over_time("t", 1) };
        let scene = scene(&chart, 680.0);
        let paths = |wanted: Dash, own: bool| -> Vec<usize> {
            let path = |m: &Mark| match m {
                Mark::Path { points, tone, dash, .. } if *dash == wanted && (*tone == Tone::Own) == own => {
                    Some(points.len())
                }
                _ => None,
            };
            scene.marks.iter().filter_map(path).collect()
        };
        assert_eq!(paths(Dash::None, true), lines, "{values:?}");
        assert_eq!(
            (paths(Dash::Dashed, false).len(), paths(Dash::Dotted, false).len()),
            (dashed, dotted),
            "{values:?}"
        );
        let said = texts(&scene);
        assert_eq!(said.contains(&"new wording"), dashed > 0, "{said:?}");
        assert_eq!(
            said.iter().filter(|t| **t == "too few").count(),
            usize::from(dotted > 0),
            "said once: {said:?}"
        );
    }
}

#[test]
fn an_svg_says_what_it_shows_and_holds_no_markup_of_others() {
    let mut chart = example::bars("a place");
    chart.title = "<script>alert(1)</script> & \"more\"\u{0}".into();
    let drawn = svg(&chart, "en");
    assert!(!drawn.contains("<script") && !drawn.contains('\0'));
    assert!(drawn.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;\u{fffd}</title>"));
    for kind in ["wide", "narrow"] {
        let labelled =
            format!("role=\"img\" aria-labelledby=\"chart-a-place-{kind}-title chart-a-place-{kind}-text\"");
        assert!(drawn.contains(&labelled), "{kind}");
    }
    assert_eq!(drawn, svg(&chart, "en"), "the same twice");
    assert!(
        !drawn.contains("style=") && !drawn.contains("<style"),
        "the pages' policy allows no styles inside"
    );
}

#[test]
fn odd_numbers_and_empty_charts_are_drawn_without_harm() {
    let bar = |value: f64, interval: Option<(f64, f64)>| Bar {
        label: String::new(),
        value: Some(value),
        interval,
        text: "?".into(),
        own: true,
    };
    let point = |value: Option<f64>| Point {
        label: "long ".repeat(40),
        value,
        interval: value.map(|_| (f64::NEG_INFINITY, 400.0)),
        text: "long ".repeat(40),
        breaks: true,
    };
    let odd = [f64::NAN, f64::INFINITY, -5.0, 250.0];
    let stack = |parts: &[f64]| Stack {
        label: "x".repeat(300),
        parts: parts.iter().map(|p| Part { percent: *p, text: "y".repeat(90) }).collect(),
    };
    let names = |count: usize| (0..count).map(|n| format!("a long name {n}")).collect::<Vec<_>>();
    let shapes = [
        Shape::Bars { bars: Vec::new() },
        Shape::Bars { bars: odd.iter().map(|v| bar(*v, Some((*v, f64::NAN)))).collect() },
        Shape::Bars { bars: vec![Bar { value: None, text: String::new(), ..bar(0.0, None) }] },
        Shape::Changes { bars: Vec::new() },
        Shape::Changes { bars: odd.iter().map(|v| bar(*v, None)).collect() },
        Shape::Stacks { names: Vec::new(), rows: vec![stack(&[])] },
        Shape::Stacks { names: names(7), rows: vec![stack(&odd), stack(&[]), stack(&[60.0; 9])] },
        Shape::OverTime { points: Vec::new() },
        Shape::OverTime { points: vec![point(None), point(None)] },
        Shape::OverTime { points: odd.iter().map(|v| point(Some(*v))).collect() },
    ];
    for shape in shapes {
        let chart = Chart { shape, ..example::bars("odd") };
        for width in [40.0, 320.0, 680.0] {
            let scene = scene(&chart, width);
            let drawn = format!("{scene:?}");
            assert!(scene.height.is_finite() && !drawn.contains("NaN") && !drawn.contains("inf"), "{drawn}");
        }
    }
}
