//! Documents to draw. Every number in them is made up.

use khi::domain::report::{
    Align, Bar, Block, Chart, Column, Document, Fact, KeyFigure, Kind, Part, Point, Section, Shape, Stack,
    Table, TableRow, Value,
};

pub(super) fn percent(value: f64) -> Value {
    Value { text: format!("{value:.1}%"), number: Some(value), kind: Kind::Percent }
}

pub(super) fn count(value: u32) -> Value {
    let text =
        if value >= 1000 { format!("{},{:03}", value / 1000, value % 1000) } else { value.to_string() };
    Value { text, number: Some(f64::from(value)), kind: Kind::Count }
}

pub(super) fn table(caption: &str, columns: &[&str], rows: Vec<(&str, Vec<Value>)>) -> Table {
    let column = |(index, title): (usize, &&str)| Column {
        title: (*title).to_owned(),
        align: if index == 0 { Align::Start } else { Align::End },
    };
    Table {
        caption: caption.to_owned(),
        columns: columns.iter().enumerate().map(column).collect(),
        rows: rows.into_iter().map(|(head, cells)| TableRow { head: head.to_owned(), cells }).collect(),
    }
}

fn bar(label: &str, value: f64, interval: (f64, f64), own: bool) -> Bar {
    Bar {
        label: label.into(),
        value: Some(value),
        interval: Some(interval),
        text: format!("{value:.1}%"),
        own,
    }
}

pub(super) fn bars(id: &str) -> Chart {
    let mut bars = vec![
        bar("Leeds Shared Lives", 90.0, (78.6, 95.7), true),
        bar("Yorkshire and The Humber", 87.2, (84.9, 89.2), false),
        bar("England", 88.4, (87.6, 89.1), false),
        bar(
            "All schemes of this kind in the United Kingdom that answered in the same year",
            100.0,
            (96.3, 100.0),
            false,
        ),
        bar("A place where nobody has more friends", 0.0, (0.0, 11.4), false),
    ];
    bars.push(Bar {
        label: "Bywydau Rhannu Llŷn a’r Tŵr".into(),
        value: None,
        interval: None,
        text: "too few people to show".into(),
        own: false,
    });
    let rows = vec![
        ("Leeds Shared Lives", vec![percent(90.0), Value::text("78.6% to 95.7%"), count(50)]),
        ("Yorkshire and The Humber", vec![percent(87.2), Value::text("84.9% to 89.2%"), count(1040)]),
        (
            "Bywydau Rhannu Llŷn a’r Tŵr",
            vec![Value::absent("too few people to show"), Value::absent("–"), Value::absent("–")],
        ),
    ];
    Chart {
        id: id.into(),
        title: "People who have more friends, beside other places".into(),
        description: "More people in Leeds Shared Lives have more friends than in the region: 90.0% and 87.2%. The intervals overlap.".into(),
        shape: Shape::Bars { bars },
        table: table("Share of people who have more friends", &["Place", "Share", "95% interval", "People"], rows),
    }
}

fn part(percent: f64) -> Part {
    Part { percent, text: format!("{percent:.1}%") }
}

pub(super) fn stacks(id: &str, names: &[&str]) -> Chart {
    let shares: &[&[f64]] = match names.len() {
        2 => &[&[97.0, 3.0], &[64.0, 36.0]],
        3 => &[&[88.9, 8.0, 3.1], &[60.5, 24.3, 15.2], &[0.0, 98.6, 1.4]],
        _ => &[&[42.0, 31.0, 17.0, 7.5, 2.5], &[10.0, 20.0, 30.0, 25.0, 15.0]],
    };
    let labels = [
        "Social connection: more friends",
        "Having a say in everyday life",
        "Mewn cysylltiad â theulu a ffrindiau",
    ];
    let rows = labels.iter().zip(shares).map(|(label, shares)| Stack {
        label: (*label).to_owned(),
        parts: shares.iter().map(|share| part(*share)).collect(),
    });
    let mut columns = vec!["Question"];
    columns.extend(names);
    let lines = labels
        .iter()
        .zip(shares)
        .map(|(label, shares)| (*label, shares.iter().map(|s| percent(*s)).collect()));
    let rows_of_table = lines.collect();
    Chart {
        id: id.into(),
        title: "What everybody said, whole".into(),
        description: "Most people said things are better: 88.9% have more friends; 3.1% have fewer.".into(),
        shape: Shape::Stacks { names: names.iter().map(|n| (*n).to_owned()).collect(), rows: rows.collect() },
        table: table("Every answer in percent", &columns, rows_of_table),
    }
}

pub(super) fn over_time(id: &str, periods: usize) -> Chart {
    let point = |index: usize| {
        let step = f64::from(u32::try_from(index).expect("small"));
        let value = (index % 7 != 4).then(|| 78.0 + (step * 1.7).sin() * 6.0 + step * 0.4);
        Point {
            label: format!("{} Q{}", 2021 + index / 4, index % 4 + 1),
            value,
            interval: value.map(|v| (v - 9.0 + step * 0.2, (v + 7.0 - step * 0.2).min(100.0))),
            text: value.map_or_else(|| "too few to show".into(), |v| format!("{v:.1}%")),
            breaks: index == periods / 2 + 1,
        }
    };
    let points: Vec<Point> = (0..periods).map(point).collect();
    let rows = points
        .iter()
        .map(|p| (p.label.as_str(), vec![p.value.map_or_else(|| Value::absent(&p.text), percent)]));
    let rows = rows.collect();
    Chart {
        id: id.into(),
        title: "People who have more friends, by quarter".into(),
        description: "The figure has gone up and down within its usual range. The wording changed once."
            .into(),
        table: table("The figure by quarter", &["Quarter", "Share"], rows),
        shape: Shape::OverTime { points },
    }
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph { text: text.into() }
}

pub(super) fn key(words: &str, number: &str, base: &str) -> Block {
    Block::Key(KeyFigure { words: words.into(), number: number.into(), base: base.into() })
}

fn facts(language: &str) -> Vec<Fact> {
    let fact = |name: &str, text: &str| Fact { name: name.into(), text: text.into() };
    if language == "cy" {
        vec![
            fact("Cyfnod", "Ebrill 2025 i Fawrth 2026"),
            fact("Ffigurau", "ciplun ar 14 Mehefin 2026"),
            fact("Polisi", "1.2"),
        ]
    } else {
        vec![
            fact("Period", "April 2025 to March 2026"),
            fact("Figures", "as they stood on 14 June 2026"),
            fact("Rules for showing figures", "version 1.2"),
            fact("Program", "khi 0.1.0"),
        ]
    }
}

/// A report of a scheme with many people: every block, long tables, every kind of cell and of chart.
pub(super) fn large() -> Document {
    let summary = vec![
        Block::Lead { text: "312 people were asked how their life is with Shared Lives, and 287 answered. Most say that they know more people, and that they choose more for themselves.".into() },
        key("9 in 10 people said they have more friends.", "90.0%", "258 of 287 people; 86.0% to 93.0%"),
        key("8 in 10 people said they choose more of what they do each day.", "81.2%", "233 of 287 people; 76.3% to 85.3%"),
        key("7 in 10 people said they feel more part of where they live.", "71.4%", "205 of 287 people; 65.9% to 76.4%"),
        key("3 in 4 people said they feel better in themselves.", "75.3%", "216 of 287 people; 70.0% to 79.9%"),
        key("Carers who stayed for the whole year.", "94.1%", "96 of 102 carers"),
        key("Places that ended in a way nobody had planned.", "4", "of 140 arrangements"),
        Block::Heading { text: "What was harder".into() },
        paragraph("8 of 287 people said that they see their friends less than before. The scheme has asked each of them what would help."),
        Block::Heading { text: "What was done".into() },
        Block::List { items: vec![
            "A monthly evening out, because people asked for one.".into(),
            "Two carers now help with travel at weekends.".into(),
            "Letters are written in easy words.".into(),
        ] },
        Block::Note { text: "How sure we are: 92.0% of those who were asked answered. The ranges show how far chance alone may have moved each figure.".into() },
    ];
    let titles = [
        "Friends and family",
        "A say in everyday life",
        "Part of the community",
        "Feeling well",
        "Who answered",
        "Places beside each other",
    ];
    let mut sections: Vec<Section> =
        titles.iter().enumerate().map(|(index, title)| section(index, title)).collect();
    sections.push(long_table());
    Document {
        title: "Leeds Shared Lives: what people say".into(),
        subtitle: "A Shared Lives scheme in Leeds, April 2025 to March 2026".into(),
        language: "en".into(),
        facts: facts("en"),
        summary,
        sections,
    }
}

fn section(index: usize, title: &str) -> Section {
    let id = format!("section-{index}");
    let mut blocks = vec![
        Block::Lead { text: "Most people say that this has become better for them, and a few say that it has become worse.".into() },
        paragraph("The question was: because of Shared Lives, how many friends do you have? People could say more, the same, or fewer. Those who did not want to say are counted apart, and so are those for whom somebody else answered."),
        Block::Chart(match index % 3 {
            0 => bars(&format!("{id}-places")),
            1 => stacks(&format!("{id}-whole"), &["Better", "The same", "Worse"]),
            _ => over_time(&format!("{id}-time"), 8 + 4 * (index / 3)),
        }),
        Block::Heading { text: "How this was counted".into() },
        paragraph("Each person counts once. Where somebody answered twice in the year, the last answer counts. The interval says how far chance alone may have moved the figure: 95 times in 100 it holds what would be found if everybody had been asked again and again."),
        Block::List { items: vec![
            "People who left during the year are counted until the day they left.".into(),
            "An answer that was given with the help of somebody who gives the support is counted apart, since people may then say what they think is wanted of them.".into(),
            "A figure of fewer than 10 people is not shown.".into(),
        ] },
        Block::Note { text: "Figures from before April 2023 come from another wording of the question, and cannot be compared with these.".into() },
    ];
    if index == 4 {
        blocks.push(key(
            "Nearly everybody answered by themselves or with help.",
            "97.6%",
            "280 of 287 people",
        ));
        blocks.push(key("Somebody else answered for a few.", "", "7 of 287 people"));
        blocks.push(Block::Chart(stacks("five", &["Always", "Often", "Sometimes", "Seldom", "Never"])));
        blocks.push(Block::Chart(bands("bands")));
        blocks.push(Block::Chart(over_time("long-time", 24)));
    }
    Section { id, title: title.into(), blocks }
}

/// A table over several pages, with every kind of cell.
fn long_table() -> Section {
    let pounds = |v: f64| Value { text: format!("£{v:.2}"), number: Some(v), kind: Kind::Pounds };
    let plain =
        |v: f64| Value { text: format!("{v:.2}"), number: Some(v), kind: Kind::Number { decimals: 2 } };
    let names: Vec<String> = (1..=70_u32)
        .map(|n| match n {
            7 => "=HYPERLINK(\"http://example.org\")".to_owned(),
            8 => "Llŷn, Tŵr a’r Ŵyl 👩‍🦽 (Ж)".to_owned(),
            9 => "A council with a very long name that goes on and on, and on still, until it does not fit into one line of the column".to_owned(),
            n => format!("Council {n}"),
        })
        .collect();
    let row = |(n, name)| {
        let n: u32 = n;
        let share = f64::from(n * 37 % 1000) / 10.0;
        let cells = if n.is_multiple_of(11) {
            vec![
                Value::absent("too few to show"),
                Value::absent("–"),
                Value::absent("–"),
                Value::absent("–"),
                Value::absent("–"),
            ]
        } else {
            vec![
                count(n * 173),
                percent(share),
                Value::text(format!("{:.1}% to {:.1}%", share / 2.0, share)),
                pounds(f64::from(n) * 11.5),
                plain(f64::from(n) / 7.0),
            ]
        };
        (name, cells)
    };
    let rows: Vec<(String, Vec<Value>)> = (1..).zip(names).map(row).collect();
    let borrowed = rows.iter().map(|(name, cells)| (name.as_str(), cells.clone())).collect();
    let columns =
        ["Council", "People", "Share", "95% interval", "Cost for each week", "Places for each carer"];
    let first = Block::Table(table("Every council, from the largest to the smallest", &columns, borrowed));
    let end = paragraph("Councils that have no scheme are not listed.");
    Section { id: "councils".into(), title: "Every council".into(), blocks: vec![first, end] }
}

/// A report of a scheme with 12 people, in Welsh.
pub(super) fn small() -> Document {
    let absent = || Value::absent("rhy ychydig i’w ddangos");
    let rows = vec![("Ffrindiau", vec![count(11), absent()]), ("Dewis", vec![count(11), absent()])];
    Document {
        title: "Bywydau Rhannu Llŷn: yr hyn y mae pobl yn ei ddweud".into(),
        subtitle: "Cynllun Rhannu Bywydau yng Ngwynedd, Ebrill 2025 i Fawrth 2026".into(),
        language: "cy".into(),
        facts: facts("cy"),
        summary: vec![
            Block::Lead { text: "Gofynnwyd i 12 o bobl, ac atebodd 11. Dywedodd bron pawb fod ganddynt fwy o ffrindiau yn y tŷ a’r dŵr.".into() },
            key("Dywedodd bron pawb fod ganddynt fwy o ffrindiau.", "", "11 o bobl"),
            Block::Note { text: "Mae’r grŵp yn fach, felly nid ydym yn dangos canrannau.".into() },
        ],
        sections: vec![Section {
            id: "ffrindiau".into(),
            title: "Ffrindiau a theulu".into(),
            blocks: vec![
                paragraph("Mae’r ffigurau’n dod o atebion pobl eu hunain."),
                Block::Table(table("Atebion", &["Cwestiwn", "Pobl", "Canran"], rows)),
            ],
        }],
    }
}

/// A report of a scheme with 4 people: words only.
pub(super) fn tiny() -> Document {
    Document {
        title: "Dales Homeshare: what people say".into(),
        subtitle: "A Homeshare scheme in North Yorkshire, April 2023 to March 2026".into(),
        language: "en".into(),
        facts: facts("en"),
        summary: vec![
            Block::Lead { text: "4 people were asked in three years. So few are easily known by what they say, so there are no figures here.".into() },
            paragraph("What can be said of all Homeshare schemes together stands below."),
            key("8 in 10 people in all Homeshare schemes said that they feel less alone.", "79.8%", "412 of 516 people; 76.2% to 83.1%"),
            Block::List { items: vec!["Two new matches were made.".into()] },
        ],
        sections: Vec::new(),
    }
}

/// A document whose first page holds far more than a page.
pub(super) fn overfull(paragraphs: usize) -> Document {
    let mut document = large();
    for _ in 0..paragraphs {
        document.summary.push(paragraph("One more thing that somebody wanted to have said on the first page, in a sentence or two that fill some lines."));
    }
    document
}

/// The day that workbooks say they were made on.
pub(super) fn made_on() -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2026, 6, 14).expect("a day")
}

/// A distribution over bands, of which none is a bad one.
pub(super) fn bands(id: &str) -> Chart {
    let chart = stacks(id, &["No friends", "1 friend", "2 to 4", "5 to 9", "10 or more"]);
    match chart.shape {
        Shape::Stacks { names, rows } => Chart { shape: Shape::Bands { names, rows }, ..chart },
        _ => chart,
    }
}

/// Every chart, with what it shows.
pub(super) fn charts() -> Vec<Chart> {
    vec![
        bars("bars"),
        stacks("three", &["Better", "The same", "Worse"]),
        stacks("two", &["Yes", "No"]),
        stacks("five", &["Always", "Often", "Sometimes", "Seldom", "Never"]),
        stacks(
            "wordy",
            &["Yn llawer gwell nag o’r blaen", "Yr un fath ag o’r blaen", "Yn waeth nag o’r blaen"],
        ),
        bands("bands"),
        over_time("short", 6),
        over_time("long", 24),
        over_time("one", 1),
    ]
}

/// Every document, by the name of its file.
pub(super) fn documents() -> Vec<(&'static str, Document)> {
    vec![("large", large()), ("small", small()), ("tiny", tiny()), ("overfull", overfull(12))]
}
