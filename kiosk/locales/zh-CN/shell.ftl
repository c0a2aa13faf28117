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
provenance-failed = 签名未通过，不能显示

action-print = 打印
action-print-large = 打印大字版
action-print-free = 免费
action-phone = 带到手机
action-list = 加入清单
action-listed = 已在清单
