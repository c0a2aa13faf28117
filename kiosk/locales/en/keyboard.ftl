# The on-screen keyboard
keyboard = Keyboard
keyboard-search = Search
keyboard-separate = Split
keyboard-shift = Capital letter
keyboard-backspace = Delete
keyboard-digits = 123
keyboard-letters = abc
keyboard-signs = #+=
keyboard-language = 中／EN
keyboard-is-chinese = Typing pinyin
keyboard-is-english = Typing English
keyboard-space = Space
keyboard-hide = Hide
keyboard-earlier = Earlier candidates
keyboard-more = More candidates
keyboard-candidate = Candidate { $count }
keyboard-composing = Spelling { $text }
