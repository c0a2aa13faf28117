//! Made-up cards, whose numbers are public examples or were made for this purpose.

use serde::{Deserialize, Serialize};

use super::record::{Kind, TEXT_BLOCK};

/// A made-up card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Example {
    /// A resident's, with the number that the standard prints as its example.
    #[default]
    Resident,
    /// The same person's, valid until the end of 2015.
    Expired,
    /// A residence permit for somebody from Hong Kong.
    ResidencePermit,
    /// A foreign permanent resident's card of 2017.
    Foreign2017,
    /// A foreign permanent resident's card of 2023.
    Foreign2023,
}

/// The text block of an example.
#[must_use]
pub fn text_block(example: Example) -> [u8; TEXT_BLOCK] {
    let mut block = [0; TEXT_BLOCK];
    for pair in block.chunks_exact_mut(2) {
        pair.copy_from_slice(&0x20_u16.to_le_bytes());
    }
    let (kind, fields): (Kind, &[(usize, &str)]) = match example {
        Example::Resident | Example::Expired => (
            Kind::Resident,
            &[
                (0, "张三"),
                (30, "2"),
                (32, "01"),
                (36, "19491231"),
                (52, "北京市朝阳区示例路1号"),
                (122, "11010519491231002X"),
                (158, "示例公安局"),
                (188, "20060101"),
            ],
        ),
        Example::ResidencePermit => (
            Kind::ResidencePermit,
            &[
                (0, "李四"),
                (30, "1"),
                (36, "19940823"),
                (52, "江苏省苏州市示例街2号"),
                (122, "810000199408230021"),
                (158, "示例公安局"),
                (188, "20240101"),
                (204, "20990101"),
                (220, "H12345678"),
                (238, "01"),
            ],
        ),
        Example::Foreign2017 => (
            Kind::Foreign2017,
            &[
                (0, "EXAMPLE, PERSON"),
                (120, "1"),
                (122, "EXA110000010101"),
                (152, "CAN"),
                (158, "示例"),
                (188, "20180101"),
                (204, "20990101"),
                (220, "19810803"),
            ],
        ),
        Example::Foreign2023 => (
            Kind::Foreign2023,
            &[
                (0, "示例"),
                (30, "2"),
                (36, "19810803"),
                (52, "EXAMPLE, A PERSON WITH A VERY LONG "),
                (122, "911124198108030024"),
                (158, "示例管理局"),
                (188, "20240101"),
                (204, "20990101"),
                (220, "NAME THAT G"),
                (242, "CAN"),
            ],
        ),
    };
    for (offset, text) in fields {
        put(&mut block, *offset, text);
    }
    match example {
        Example::Resident => put(&mut block, 204, "长期"),
        Example::Expired => put(&mut block, 204, "20151231"),
        _ => {}
    }
    put(&mut block, 248, &kind.flag().to_string());
    block
}

fn put(block: &mut [u8; TEXT_BLOCK], offset: usize, text: &str) {
    for (at, unit) in text.encode_utf16().enumerate() {
        block[offset + 2 * at..][..2].copy_from_slice(&unit.to_le_bytes());
    }
}
