//! Bytes decoded into what a filter is called with, and the same bytes by those who decode alone.

use std::hint::black_box;
use std::sync::Arc;

use encoding_rs::Encoding;
use netproc_coding::{CodingSystem, Encoder, Text};
use netproc_keywords::Spec;
use netproc_process::{Effect, Input, Machine};

use super::Step;
use crate::samples::{ASCII, CHINESE, GERMAN, JAPANESE, MIXED, RUSSIAN, SIZE};
use crate::server::Failure;
use crate::subject::Subject;

/// A text in a coding system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a value in a table")]
pub enum Material {
    /// ASCII in UTF-8, lines ended by CR LF.
    Ascii,
    /// Four scripts in UTF-8, lines ended by CR LF.
    Mixed,
    /// German in Latin-1.
    Latin1,
    /// Russian in KOI8-R.
    Koi8R,
    /// Japanese in Shift JIS.
    ShiftJis,
    /// Japanese in EUC.
    EucJp,
    /// Japanese in ISO 2022.
    Iso2022Jp,
    /// Chinese in GB 18030.
    Gb18030,
}

impl Material {
    /// Every text there is.
    pub const ALL: [Material; 8] = [
        Material::Ascii,
        Material::Mixed,
        Material::Latin1,
        Material::Koi8R,
        Material::ShiftJis,
        Material::EucJp,
        Material::Iso2022Jp,
        Material::Gb18030,
    ];

    /// Returns the word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Material::Ascii => "ascii",
            Material::Mixed => "mixed",
            Material::Latin1 => "latin-1",
            Material::Koi8R => "koi8-r",
            Material::ShiftJis => "shift-jis",
            Material::EucJp => "euc-jp",
            Material::Iso2022Jp => "iso-2022-jp",
            Material::Gb18030 => "gb18030",
        }
    }

    /// Returns the line to repeat, the coding system, and the label of `encoding_rs`.
    fn parts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Material::Ascii => (ASCII, "utf-8-dos", "utf-8"),
            Material::Mixed => (MIXED, "utf-8-dos", "utf-8"),
            Material::Latin1 => (GERMAN, "iso-latin-1-unix", "windows-1252"),
            Material::Koi8R => (RUSSIAN, "koi8-r-unix", "koi8-r"),
            Material::ShiftJis => (JAPANESE, "japanese-shift-jis-unix", "shift_jis"),
            Material::EucJp => (JAPANESE, "euc-jp-unix", "euc-jp"),
            Material::Iso2022Jp => (JAPANESE, "iso-2022-jp-unix", "iso-2022-jp"),
            Material::Gb18030 => (CHINESE, "gb18030-unix", "gb18030"),
        }
    }

    fn bytes(self) -> Result<Vec<u8>, Failure> {
        let (line, system, _) = self.parts();
        let system: CodingSystem = system.parse()?;
        let text = Text::from(line.repeat(SIZE / line.len()));
        let mut bytes = Vec::new();
        Encoder::new(system).encode(&text, &mut bytes);
        Ok(bytes)
    }
}

/// Returns a step that decodes all bytes once.
pub(super) fn decode(material: Material, subject: Subject) -> Result<Step, Failure> {
    let bytes = material.bytes()?;
    let length = bytes.len() as f64;
    let (_, system, label) = material.parts();
    Ok(match subject {
        Subject::Netproc => {
            let mut client = Client::new(system)?;
            Box::new(move || {
                black_box(client.received(&bytes)?);
                Ok(length)
            })
        }
        Subject::EncodingRs => {
            let encoding = Encoding::for_label(label.as_bytes()).ok_or("no such label")?;
            Box::new(move || {
                let (text, _) = encoding.decode_without_bom_handling(black_box(&bytes));
                black_box(text.into_owned());
                Ok(length)
            })
        }
        Subject::Std => Box::new(move || {
            black_box(str::from_utf8(black_box(&bytes))?.to_owned());
            Ok(length)
        }),
        _ => return Err("it decodes nothing".into()),
    })
}

/// The machine of a connected client, without its socket.
pub(crate) struct Client(Machine);

impl Client {
    pub(crate) fn new(system: &str) -> Result<Self, Failure> {
        let list =
            format!(r#"(:name "client" :host "127.0.0.1" :service 7 :filter f :coding {system})"#);
        let spec: Spec = list.parse()?;
        let mut client = Machine::from_spec(&Arc::new(spec), "client".into());
        client.handle(Input::Connected {
            local: "127.0.0.1:40000".parse()?,
            remote: "127.0.0.1:7".parse()?,
        })?;
        while client.poll_effect().is_some() {}
        Ok(Client(client))
    }

    /// Takes the text that the filter would be called with.
    pub(crate) fn received(&mut self, bytes: &[u8]) -> Result<Text, Failure> {
        self.0.handle(Input::Received(black_box(bytes)))?;
        let mut text = None;
        while let Some(effect) = self.0.poll_effect() {
            if let Effect::Filter(more) = effect {
                text = Some(more);
            }
        }
        text.ok_or_else(|| "nothing for the filter".into())
    }
}
