//! The table of coding systems: every name Emacs has for them, and what decodes and encodes them.

use crate::codecs::iso2022::Variant;
use crate::codecs::pairs::PairSet;
use crate::codecs::single_byte::SingleByte;
use crate::tables::single_byte;

/// What a coding system does to characters; line ends are kept apart.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// Bytes as they are.
    NoConversion,
    /// Bytes as they are, lines converted.
    RawText,
    /// Whatever the data turns out to be.
    Undecided,
    /// The same under another name: UTF-8 is tried first by `undecided` too.
    PreferUtf8,
    /// UTF-8 in all its forms.
    Utf8(Signature),
    /// UTF-16 in all its forms.
    Utf16(ByteOrder, Signature),
    /// Seven bits; what is unknown is sent as a question mark.
    Ascii,
    /// ASCII and 128 characters more.
    SingleByte(&'static SingleByte),
    /// ASCII, perhaps single bytes, and pairs of bytes.
    Pairs(PairSet),
    /// GBK and groups of four bytes, covering all of Unicode.
    Gb18030,
    /// Three sets at once, reached by one byte, two, or three.
    EucJp,
    /// Sets changed by escape sequences.
    Iso2022(Variant),
}

/// What becomes of a byte order mark at the start.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signature {
    /// It is text like everything else.
    Text,
    /// It is removed if there and written in any case.
    Written,
    /// It is looked for, and decides which system this is.
    Found,
}

/// Which byte of two comes first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ByteOrder {
    Big,
    Little,
}

/// One coding system.
pub(crate) struct Definition {
    /// Its names, the canonical one first; of each the plain form and those for `-unix`, `-dos`
    /// and `-mac`. Four equal forms: the name takes no suffix.
    pub(crate) names: &'static [[&'static str; 4]],
    pub(crate) kind: Kind,
}

macro_rules! open {
    ($name:literal) => {
        [
            $name,
            concat!($name, "-unix"),
            concat!($name, "-dos"),
            concat!($name, "-mac"),
        ]
    };
}

macro_rules! fixed {
    ($name:literal) => {
        [$name; 4]
    };
}

/// Every system, names as Emacs 28 lists them.
pub(crate) const SYSTEMS: &[Definition] = &[
    // Bytes as they are.
    Definition {
        names: &[fixed!("no-conversion"), fixed!("binary")],
        kind: Kind::NoConversion,
    },
    Definition {
        names: &[open!("raw-text")],
        kind: Kind::RawText,
    },
    // Found from the data.
    Definition {
        names: &[open!("undecided")],
        kind: Kind::Undecided,
    },
    Definition {
        names: &[open!("prefer-utf-8")],
        kind: Kind::PreferUtf8,
    },
    // Unicode.
    Definition {
        names: &[open!("utf-8"), open!("mule-utf-8"), open!("cp65001")],
        kind: Kind::Utf8(Signature::Text),
    },
    Definition {
        names: &[open!("utf-8-with-signature")],
        kind: Kind::Utf8(Signature::Written),
    },
    Definition {
        names: &[open!("utf-8-auto")],
        kind: Kind::Utf8(Signature::Found),
    },
    Definition {
        names: &[open!("utf-8-emacs"), fixed!("emacs-internal")],
        kind: Kind::Utf8(Signature::Text),
    },
    Definition {
        names: &[open!("utf-16")],
        kind: Kind::Utf16(ByteOrder::Big, Signature::Found),
    },
    Definition {
        names: &[open!("utf-16be")],
        kind: Kind::Utf16(ByteOrder::Big, Signature::Text),
    },
    Definition {
        names: &[open!("utf-16be-with-signature"), open!("utf-16-be")],
        kind: Kind::Utf16(ByteOrder::Big, Signature::Written),
    },
    Definition {
        names: &[open!("utf-16le")],
        kind: Kind::Utf16(ByteOrder::Little, Signature::Text),
    },
    Definition {
        names: &[open!("utf-16le-with-signature"), open!("utf-16-le")],
        kind: Kind::Utf16(ByteOrder::Little, Signature::Written),
    },
    // One byte a character.
    Definition {
        names: &[open!("us-ascii"), open!("iso-safe"), open!("ascii")],
        kind: Kind::Ascii,
    },
    Definition {
        names: &[open!("iso-latin-1"), open!("iso-8859-1"), open!("latin-1")],
        kind: Kind::SingleByte(&single_byte::ISO_LATIN_1),
    },
    Definition {
        names: &[open!("iso-latin-2"), open!("iso-8859-2"), open!("latin-2")],
        kind: Kind::SingleByte(&single_byte::ISO_LATIN_2),
    },
    Definition {
        names: &[open!("iso-latin-3"), open!("iso-8859-3"), open!("latin-3")],
        kind: Kind::SingleByte(&single_byte::ISO_LATIN_3),
    },
    Definition {
        names: &[open!("iso-latin-4"), open!("iso-8859-4"), open!("latin-4")],
        kind: Kind::SingleByte(&single_byte::ISO_LATIN_4),
    },
    Definition {
        names: &[open!("iso-latin-5"), open!("iso-8859-9"), open!("latin-5")],
        kind: Kind::SingleByte(&single_byte::ISO_LATIN_5),
    },
    Definition {
        names: &[open!("iso-latin-6"), open!("iso-8859-10"), open!("latin-6")],
        kind: Kind::SingleByte(&single_byte::ISO_LATIN_6),
    },
    Definition {
        names: &[open!("iso-latin-7"), open!("iso-8859-13"), open!("latin-7")],
        kind: Kind::SingleByte(&single_byte::ISO_LATIN_7),
    },
    Definition {
        names: &[open!("iso-latin-8"), open!("iso-8859-14"), open!("latin-8")],
        kind: Kind::SingleByte(&single_byte::ISO_LATIN_8),
    },
    Definition {
        names: &[
            open!("iso-latin-9"),
            open!("iso-8859-15"),
            open!("latin-9"),
            open!("latin-0"),
        ],
        kind: Kind::SingleByte(&single_byte::ISO_LATIN_9),
    },
    Definition {
        names: &[
            open!("iso-latin-10"),
            open!("iso-8859-16"),
            open!("latin-10"),
        ],
        kind: Kind::SingleByte(&single_byte::ISO_LATIN_10),
    },
    Definition {
        names: &[open!("cyrillic-iso-8bit"), open!("iso-8859-5")],
        kind: Kind::SingleByte(&single_byte::CYRILLIC_ISO_8BIT),
    },
    Definition {
        names: &[open!("iso-8859-6")],
        kind: Kind::SingleByte(&single_byte::ISO_8859_6),
    },
    Definition {
        names: &[open!("greek-iso-8bit"), open!("iso-8859-7")],
        kind: Kind::SingleByte(&single_byte::GREEK_ISO_8BIT),
    },
    Definition {
        names: &[
            open!("hebrew-iso-8bit"),
            open!("iso-8859-8"),
            open!("iso-8859-8-e"),
            open!("iso-8859-8-i"),
        ],
        kind: Kind::SingleByte(&single_byte::HEBREW_ISO_8BIT),
    },
    Definition {
        names: &[open!("iso-8859-11")],
        kind: Kind::SingleByte(&single_byte::ISO_8859_11),
    },
    Definition {
        names: &[
            open!("thai-tis620"),
            open!("th-tis620"),
            open!("tis620"),
            open!("tis-620"),
        ],
        kind: Kind::SingleByte(&single_byte::THAI_TIS620),
    },
    Definition {
        names: &[open!("windows-1250"), open!("cp1250")],
        kind: Kind::SingleByte(&single_byte::WINDOWS_1250),
    },
    Definition {
        names: &[open!("windows-1251"), open!("cp1251")],
        kind: Kind::SingleByte(&single_byte::WINDOWS_1251),
    },
    Definition {
        names: &[open!("windows-1252"), open!("cp1252")],
        kind: Kind::SingleByte(&single_byte::WINDOWS_1252),
    },
    Definition {
        names: &[open!("windows-1253"), open!("cp1253")],
        kind: Kind::SingleByte(&single_byte::WINDOWS_1253),
    },
    Definition {
        names: &[open!("windows-1254"), open!("cp1254")],
        kind: Kind::SingleByte(&single_byte::WINDOWS_1254),
    },
    Definition {
        names: &[open!("windows-1255"), open!("cp1255")],
        kind: Kind::SingleByte(&single_byte::WINDOWS_1255),
    },
    Definition {
        names: &[open!("windows-1256"), open!("cp1256")],
        kind: Kind::SingleByte(&single_byte::WINDOWS_1256),
    },
    Definition {
        names: &[open!("windows-1257"), open!("cp1257")],
        kind: Kind::SingleByte(&single_byte::WINDOWS_1257),
    },
    Definition {
        names: &[open!("windows-1258"), open!("cp1258")],
        kind: Kind::SingleByte(&single_byte::WINDOWS_1258),
    },
    Definition {
        names: &[
            open!("cyrillic-koi8"),
            open!("koi8-r"),
            open!("koi8"),
            open!("cp878"),
        ],
        kind: Kind::SingleByte(&single_byte::CYRILLIC_KOI8),
    },
    Definition {
        names: &[open!("koi8-t")],
        kind: Kind::SingleByte(&single_byte::KOI8_T),
    },
    Definition {
        names: &[open!("koi8-u")],
        kind: Kind::SingleByte(&single_byte::KOI8_U),
    },
    Definition {
        names: &[open!("cp1125"), open!("ruscii"), open!("cp866u")],
        kind: Kind::SingleByte(&single_byte::CP1125),
    },
    Definition {
        names: &[open!("cp437"), open!("ibm437")],
        kind: Kind::SingleByte(&single_byte::CP437),
    },
    Definition {
        names: &[open!("cp737")],
        kind: Kind::SingleByte(&single_byte::CP737),
    },
    Definition {
        names: &[open!("cp775"), open!("ibm775")],
        kind: Kind::SingleByte(&single_byte::CP775),
    },
    Definition {
        names: &[open!("cp850"), open!("ibm850")],
        kind: Kind::SingleByte(&single_byte::CP850),
    },
    Definition {
        names: &[open!("cp851"), open!("ibm851")],
        kind: Kind::SingleByte(&single_byte::CP851),
    },
    Definition {
        names: &[open!("cp852"), open!("ibm852")],
        kind: Kind::SingleByte(&single_byte::CP852),
    },
    Definition {
        names: &[open!("cp855"), open!("ibm855")],
        kind: Kind::SingleByte(&single_byte::CP855),
    },
    Definition {
        names: &[open!("cp857"), open!("ibm857")],
        kind: Kind::SingleByte(&single_byte::CP857),
    },
    Definition {
        names: &[open!("cp858")],
        kind: Kind::SingleByte(&single_byte::CP858),
    },
    Definition {
        names: &[open!("cp860"), open!("ibm860")],
        kind: Kind::SingleByte(&single_byte::CP860),
    },
    Definition {
        names: &[open!("cp861"), open!("ibm861")],
        kind: Kind::SingleByte(&single_byte::CP861),
    },
    Definition {
        names: &[open!("cp862"), open!("ibm862")],
        kind: Kind::SingleByte(&single_byte::CP862),
    },
    Definition {
        names: &[open!("cp863"), open!("ibm863")],
        kind: Kind::SingleByte(&single_byte::CP863),
    },
    Definition {
        names: &[open!("cp865"), open!("ibm865")],
        kind: Kind::SingleByte(&single_byte::CP865),
    },
    Definition {
        names: &[open!("cp866")],
        kind: Kind::SingleByte(&single_byte::CP866),
    },
    Definition {
        names: &[open!("cp869"), open!("ibm869")],
        kind: Kind::SingleByte(&single_byte::CP869),
    },
    Definition {
        names: &[open!("cp874"), open!("ibm874")],
        kind: Kind::SingleByte(&single_byte::CP874),
    },
    Definition {
        names: &[open!("cyrillic-alternativnyj"), open!("alternativnyj")],
        kind: Kind::SingleByte(&single_byte::CYRILLIC_ALTERNATIVNYJ),
    },
    Definition {
        names: &[open!("mik")],
        kind: Kind::SingleByte(&single_byte::MIK),
    },
    Definition {
        names: &[open!("pt154")],
        kind: Kind::SingleByte(&single_byte::PT154),
    },
    Definition {
        names: &[open!("georgian-academy")],
        kind: Kind::SingleByte(&single_byte::GEORGIAN_ACADEMY),
    },
    Definition {
        names: &[open!("georgian-ps")],
        kind: Kind::SingleByte(&single_byte::GEORGIAN_PS),
    },
    Definition {
        names: &[open!("hp-roman8"), open!("roman8")],
        kind: Kind::SingleByte(&single_byte::HP_ROMAN8),
    },
    Definition {
        names: &[open!("mac-roman"), open!("macintosh")],
        kind: Kind::SingleByte(&single_byte::MAC_ROMAN),
    },
    Definition {
        names: &[open!("next")],
        kind: Kind::SingleByte(&single_byte::NEXT),
    },
    // Chinese, Japanese, Korean.
    Definition {
        names: &[
            open!("chinese-big5"),
            open!("big5"),
            open!("cn-big5"),
            open!("cp950"),
        ],
        kind: Kind::Pairs(PairSet::Big5),
    },
    Definition {
        names: &[
            open!("chinese-big5-hkscs"),
            open!("big5-hkscs"),
            open!("cn-big5-hkscs"),
        ],
        kind: Kind::Pairs(PairSet::Big5Hkscs),
    },
    Definition {
        names: &[open!("chinese-gb18030"), open!("gb18030")],
        kind: Kind::Gb18030,
    },
    Definition {
        names: &[
            open!("chinese-gbk"),
            open!("gbk"),
            open!("cp936"),
            open!("windows-936"),
        ],
        kind: Kind::Pairs(PairSet::Gbk),
    },
    Definition {
        names: &[
            open!("chinese-iso-8bit"),
            open!("cn-gb-2312"),
            open!("euc-china"),
            open!("euc-cn"),
            open!("cn-gb"),
            open!("gb2312"),
        ],
        kind: Kind::Pairs(PairSet::Gb2312),
    },
    Definition {
        names: &[open!("japanese-cp932"), open!("cp932")],
        kind: Kind::Pairs(PairSet::Cp932),
    },
    Definition {
        names: &[
            open!("japanese-iso-8bit"),
            open!("euc-japan-1990"),
            open!("euc-japan"),
            open!("euc-jp"),
        ],
        kind: Kind::EucJp,
    },
    Definition {
        names: &[
            open!("japanese-shift-jis"),
            open!("shift_jis"),
            open!("sjis"),
        ],
        kind: Kind::Pairs(PairSet::ShiftJis),
    },
    Definition {
        names: &[open!("korean-cp949"), open!("cp949")],
        kind: Kind::Pairs(PairSet::Cp949),
    },
    Definition {
        names: &[
            open!("korean-iso-8bit"),
            open!("euc-kr"),
            open!("euc-korea"),
            open!("ks_c_5601-1987"),
        ],
        kind: Kind::Pairs(PairSet::KsC5601),
    },
    Definition {
        names: &[open!("iso-2022-7bit")],
        kind: Kind::Iso2022(Variant::SevenBit),
    },
    Definition {
        names: &[open!("iso-2022-jp"), open!("junet")],
        kind: Kind::Iso2022(Variant::Jp),
    },
    Definition {
        names: &[open!("iso-2022-jp-2")],
        kind: Kind::Iso2022(Variant::Jp2),
    },
];
