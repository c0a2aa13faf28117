# 内容页：办事指南、公开目录、政策文件、解读、开放数据、服务事项、任务表、表格
content-in-chinese = 以下内容以中文原文为准。

record-guide = 办事指南
record-document = 政策文件
record-entry = 公开目录
record-interpretation = 政策解读
record-dataset = 开放数据
record-service-item = 服务事项
record-plan = 任务表
record-form = 依申请公开

# 来源行
provenance-source-several = { $title }等 { $count } 部
provenance-editors = 本机编者整理
provenance-generated = 由本机其他公开内容汇编
validity-in-force = 现行
validity-text-of = { $date } 的文本
validity-superseded = 已有新文本
validity-basis-superseded = 依据已修订
validity-repealed = 已废止
notice-superseded = 这不是最新的文本
notice-superseded-text = 本文已经修订，请以现行文本为准。
notice-basis-superseded = 所依据的法规已经修订
notice-basis-superseded-text = 内容须以现行规定为准，办理前请向受理单位确认。
notice-repealed = 本文已经废止
notice-repealed-text = 仅供查阅，不再适用。

# 办事指南
fact-limit = 法定时限
fact-fee = 费用
fact-promise = 承诺时限
fact-unknown = 发布单位没有填写
fee-free = 免费
fee-charged = 收费
fee-mixed = 部分免费
unit-day-one = 日
unit-day-many = 日
unit-workday-one = 个工作日
unit-workday-many = 个工作日
unit-month-one = 个月
unit-month-many = 个月
unit-year-one = 年
unit-year-many = 年
unit-hour-one = 小时
unit-hour-many = 小时
guide-nationwide = 全国通用
guide-note = 办理前请先核对
guide-who = 谁可以办
guide-materials = 要带的材料
guide-materials-remark = 点一下打勾；原件、份数未提供
guide-material-when = 适用于
guide-steps = 怎么办
guide-situations = 特殊情况
guide-situation-bring = 要带：{ $materials }
guide-place = 去哪里
guide-where = 到哪里办
guide-address = 窗口地址
guide-hours = 办理时间
guide-phone = 咨询电话
guide-supervise = 监督电话
guide-fee = 收费
guide-proxy = 请人代办
guide-result = 办成得到
guide-result-validity = 有效期
guide-code = 事项编码
guide-limits = 各项时限
guide-refusal = 不给办的情形
guide-remedy = 不服怎么办
guide-basis = 法律依据
guide-basis-count = 法律依据 { $count } 条

# 公开目录
entry-no = 序号
entry-matter = 公开事项
entry-level1 = 一级
entry-level2 = 二级
entry-content = 公开内容
entry-basis = 公开依据
entry-no-full-text = 全文未收录
entry-time-limit = 公开时限
entry-channels = 公开渠道
entry-subject = 公开主体
entry-audience = 公开对象
entry-mode = 公开方式
entry-levels = 公开层级
entry-inferred = { $value }（推定）
entry-inferred-tag = 推定
entry-inferred-remark = 标“推定”的，来源页面看不到，由编者按本领域通常做法填写。
entry-variants = 别处怎么写
entry-variants-count = { $count } 处
entry-variant-place-unknown = 地区未提供
audience-everyone = 全社会
audience-group = 特定群体
mode-active = 主动公开
mode-on-request = 依申请公开
mode-both = 主动公开、依申请公开
level-city = 市级
level-county = 县级
level-township = 乡级
level-village = 村级
related-guides = 本领域的办事指南
related-all = 本领域全部{"\u2009"}{ $count }{"\u2009"}项
related-entries = 本领域的公开目录
related-datasets = 本领域的开放数据
related-interpretations = 解读
related-annexes = 附件
related-rests = 以本文为依据的

# 政策文件
document-law = 法律
document-regulation = 行政法规
document-rule = 部门规章
document-state-council = 国务院文件
document-normative = 规范性文件
document-text-of = { $date } 的文本
document-about = 关于本文
document-full-title = 全称
document-number = 文号
document-index = 索引号
document-issuer = 发布机构
document-published = 发布日期
document-version-date = 文本日期
document-validity = 有效性
document-history = 沿革
document-previous = 上一条
document-next = 下一条
document-continues = 本条未完
document-previous-screen = 上一屏
document-next-screen = 下一屏
document-articles = ／{ $total } 条
document-screens = ／{ $total } 屏
document-jump = 跳到第几条
document-more-chapters = 更多章节
document-fewer-chapters = 前面章节
document-next-chapter = 下一章
document-interpretation = 对照解读
document-interpretation-near = 与本屏条文最接近的一段
document-interpretation-whole = 看解读全文
jump-title = 跳到第几条
jump-article = 第几条
jump-empty = 写条号，共 { $count } 条
jump-missing = 本文没有这一条
jump-go = 跳过去
jump-erase = 删一位
jump-clear = 清空

# 政策解读
interpretation-policy = 解读的是
interpretation-text = 解读全文

# 开放数据
dataset-rows = { $count } 行
dataset-frequency-unknown = 更新频率未提供
dataset-chart = 按“{ $column }”数一数
dataset-chart-unit = 单位：行
dataset-rest = 其余 { $count } 种
dataset-table = 表格
dataset-fields = 字段说明
dataset-all = 全部
dataset-back = 回到表格
dataset-row = 第 { $number } 行
dataset-from-row = 第 { $number } 行起
dataset-example = 例：{ $value }
dataset-mistake = 数据有错

# 服务事项
item-department = 部门
item-main = 主项
item-code = 实施编码
item-type-code = 类型代码
item-area-code = 区划代码
item-department-code = 部门代码
item-remark = 来源只公布了名称和编码。要带什么、几天办完，请向该部门确认。

# 任务表
plan-count = { $count } 项
plan-document = 所附的文件
plan-task-number = 第 { $number } 项
plan-item = 事项 { $number }
plan-deadline = 完成时限
plan-responsible = 责任单位
plan-guidance = 指导单位

# 表格
form-title = 政府信息公开申请表
form-here-title = 本机还不能交这张表
form-here-text = 可以打印空表带走填写，也可以带到手机上，再交给行政机关。
form-applicant = { $who }要填
form-request = 要什么信息
form-rules = 您该知道的
form-required = 必填
form-optional = 可不填
form-options = { $required }。可选：{ $options }
