//! Ethnic groups as cards code them (GB/T 3304-1991).

const GROUPS: [&str; 56] = [
    "汉",
    "蒙古",
    "回",
    "藏",
    "维吾尔",
    "苗",
    "彝",
    "壮",
    "布依",
    "朝鲜",
    "满",
    "侗",
    "瑶",
    "白",
    "土家",
    "哈尼",
    "哈萨克",
    "傣",
    "黎",
    "傈僳",
    "佤",
    "畲",
    "高山",
    "拉祜",
    "水",
    "东乡",
    "纳西",
    "景颇",
    "柯尔克孜",
    "土",
    "达斡尔",
    "仫佬",
    "羌",
    "布朗",
    "撒拉",
    "毛南",
    "仡佬",
    "锡伯",
    "阿昌",
    "普米",
    "塔吉克",
    "怒",
    "乌孜别克",
    "俄罗斯",
    "鄂温克",
    "德昂",
    "保安",
    "裕固",
    "京",
    "塔塔尔",
    "独龙",
    "鄂伦春",
    "赫哲",
    "门巴",
    "珞巴",
    "基诺",
];

/// The name of a group by its code, `01` to `56`; `97` others, `98` naturalised.
#[must_use]
pub fn ethnic_group(code: &str) -> Option<&'static str> {
    match code.parse::<usize>().ok()? {
        97 => Some("其他"),
        98 => Some("外国血统中国籍人士"),
        number => GROUPS.get(number.checked_sub(1)?).copied(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        for (code, name) in [
            ("01", Some("汉")),
            ("11", Some("满")),
            ("33", Some("羌")),
            ("56", Some("基诺")),
            ("97", Some("其他")),
            ("00", None),
            ("57", None),
            ("", None),
        ] {
            assert_eq!(ethnic_group(code), name, "{code}");
        }
    }
}
