# 屏幕键盘
keyboard = 键盘
keyboard-search = 搜索
keyboard-separate = 分词
keyboard-shift = 大写
keyboard-backspace = 删除
keyboard-digits = 123
keyboard-letters = 字母
keyboard-signs = 符号
keyboard-language = 中／英
keyboard-is-chinese = 现在打拼音
keyboard-is-english = 现在打英文
keyboard-space = 空格
keyboard-hide = 收起
keyboard-earlier = 上一组候选字
keyboard-more = 更多候选字
keyboard-candidate = 候选 { $count }
keyboard-composing = 正在拼写 { $text }
