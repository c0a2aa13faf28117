# 顶栏、底栏、公用按钮
terminal-name = 政务公开服务终端
language-name = 中文
bar-back = 返回
bar-home = 首页
bar-size = 大字
bar-speak = 朗读
bar-reach = 低位
bar-finish = 结束访问
button-paused = 暂停
search-field = 搜索框
search-button = 搜索
search-clear = 清空
search-edit = 修改
pager-next = 下一屏
pager-previous = 上一屏
sheet-close = 收起
not-provided = 未提供

provenance-publisher = 发布单位
provenance-source = 来源
provenance-validity = 有效性
provenance-as-of = 数据截至
provenance-signature = 签名
provenance-verified = 已验证
provenance-unsigned = 未经签名

action-print = 打印
action-print-large = 打印大字版
action-print-free = 免费
action-phone = 带到手机
action-list = 加入清单
action-listed = 已在清单

as-of = 数据截至{"\u2009"}{ $date }
as-of-short = 截至{"\u2009"}{ $date }
date-short = { $month }月{ $day }日
date-day = { $date } { $weekday }
weekday-monday = 周一
weekday-tuesday = 周二
weekday-wednesday = 周三
weekday-thursday = 周四
weekday-friday = 周五
weekday-saturday = 周六
weekday-sunday = 周日

toast-large = 大字已打开。再按一次，换成高对比。
toast-large-contrast = 大字加高对比已打开。再按一次，回到正常。
toast-normal = 已回到正常大小。
toast-low = 低位已打开：按钮都在屏幕下半部。
toast-whole = 低位已关闭。
toast-low-landscape = 横屏不用低位：整个屏幕都够得着。
toast-scan-unknown = 这个码本机没有对应的内容。
toast-no-speech = 本机暂时不能朗读。可以用大字看，或问大厅工作人员。
toast-language = 已换成中文。
toast-listed = 已加入清单，共{"\u2009"}{ $count }{"\u2009"}页。
toast-unlisted = 已从清单移出。
toast-list-full = 清单满了，最多{"\u2009"}{ $count }{"\u2009"}页。
