# 没有人触摸时的倒计时，结束访问的确认
idle-question = 您还在吗？
idle-text = 不点的话，本机会结束这次访问，清除勾选和填写的内容。
idle-seconds = 秒
idle-seconds-left = 还剩{"\u2009"}{ $count }{"\u2009"}秒
idle-stay = 我还在，继续
idle-end = 结束访问，清除内容
idle-any-touch = 点屏幕任何地方，或按键盘任何键，都算继续
end-question = 要结束访问吗？
end-text = 您勾选的、填写的和清单里的内容都会清除，本机不留。
end-confirm = 结束访问，清除内容
end-cancel = 再看看
