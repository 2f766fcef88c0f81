//! How a person likes to be asked: coded needs (Accessible Information Standard), never free text.

use serde::{Deserialize, Serialize};

use crate::domain::definition::{Definition, EASY_READ, ENGLISH, STANDARD};

/// The way of answering. Kept as the participant's needs, and applied next time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// Language code.
    pub language: String,
    /// Rendition: `easy-read` or `standard`.
    pub rendition: String,
    /// Pictures beside the words.
    pub pictures: bool,
    /// Size of the words.
    pub size: Size,
    /// More room between lines, words and letters.
    pub wide: bool,
    /// Colours.
    pub contrast: Contrast,
    /// Whether the questions can be read aloud.
    pub aloud: bool,
    /// How fast they are read.
    pub speed: Speed,
}

/// Size of the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Size {
    /// 16 point (21.3 CSS px).
    #[default]
    Normal,
    /// 18 point, and larger answers (76 CSS px).
    Large,
    /// 24 point.
    Largest,
}

/// Colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Contrast {
    /// Light or dark, as the device asks.
    #[default]
    Device,
    /// Dark words on a light page.
    Light,
    /// Light words on a dark page.
    Dark,
    /// Black, white and yellow only.
    High,
}

/// How fast the questions are read aloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Speed {
    /// Slowly.
    Slow,
    /// As the voice does by itself.
    #[default]
    Normal,
    /// Fast.
    Fast,
}

impl Default for Look {
    /// Easy read with pictures, in English: where nothing is known of a person, the most can begin with that.
    fn default() -> Self {
        Self {
            language: ENGLISH.into(),
            rendition: EASY_READ.into(),
            pictures: true,
            size: Size::Normal,
            wide: false,
            contrast: Contrast::Device,
            aloud: true,
            speed: Speed::Normal,
        }
    }
}

/// A setting's name, and its values in the order of the page.
type Setting = (&'static str, &'static [&'static str]);

impl Look {
    /// Every setting but language and rendition, which depend on the questionnaire.
    pub const SETTINGS: [Setting; 6] = [
        ("pictures", &["yes", "no"]),
        ("size", &["normal", "large", "largest"]),
        ("spacing", &["normal", "wide"]),
        ("contrast", &["device", "light", "dark", "high"]),
        ("aloud", &["yes", "no"]),
        ("speed", &["slow", "normal", "fast"]),
    ];

    /// The value of a setting.
    pub fn get(&self, setting: &str) -> &str {
        let yes_no = |yes: bool| if yes { "yes" } else { "no" };
        match setting {
            "language" => &self.language,
            "rendition" => &self.rendition,
            "pictures" => yes_no(self.pictures),
            "size" => match self.size {
                Size::Normal => "normal",
                Size::Large => "large",
                Size::Largest => "largest",
            },
            "spacing" if self.wide => "wide",
            "spacing" => "normal",
            "contrast" => match self.contrast {
                Contrast::Device => "device",
                Contrast::Light => "light",
                Contrast::Dark => "dark",
                Contrast::High => "high",
            },
            "aloud" => yes_no(self.aloud),
            "speed" => match self.speed {
                Speed::Slow => "slow",
                Speed::Normal => "normal",
                Speed::Fast => "fast",
            },
            _ => "",
        }
    }

    /// Changes a setting; anything unknown changes nothing.
    pub fn set(&mut self, setting: &str, value: &str) {
        match (setting, value) {
            ("language", _) if (2..=8).contains(&value.len()) => self.language = value.to_owned(),
            ("rendition", EASY_READ | STANDARD) => self.rendition = value.to_owned(),
            ("pictures", "yes" | "no") => self.pictures = value == "yes",
            ("size", "normal") => self.size = Size::Normal,
            ("size", "large") => self.size = Size::Large,
            ("size", "largest") => self.size = Size::Largest,
            ("spacing", "normal" | "wide") => self.wide = value == "wide",
            ("contrast", "device") => self.contrast = Contrast::Device,
            ("contrast", "light") => self.contrast = Contrast::Light,
            ("contrast", "dark") => self.contrast = Contrast::Dark,
            ("contrast", "high") => self.contrast = Contrast::High,
            ("aloud", "yes" | "no") => self.aloud = value == "yes",
            ("speed", "slow") => self.speed = Speed::Slow,
            ("speed", "normal") => self.speed = Speed::Normal,
            ("speed", "fast") => self.speed = Speed::Fast,
            _ => {}
        }
    }

    /// This look as far as `definition` has it: another language or rendition falls back to its own first ones.
    pub fn fitted(mut self, definition: &Definition) -> Self {
        if !definition.languages.contains(&self.language) {
            self.language = ENGLISH.into();
        }
        if !definition.renditions.contains(&self.rendition) {
            self.rendition = STANDARD.into();
        }
        self
    }
}
