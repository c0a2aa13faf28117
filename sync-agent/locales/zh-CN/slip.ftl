# 打印的单子
product = 明窗　政务公开服务终端
unknown = 未提供
list-title = 我的清单（{ $count }项）
continues = 后面还有，请在本机或扫码接着看。

kind-guide = 办事指南
kind-document = 政策文件
kind-entry = 公开目录
kind-interpretation = 政策解读
kind-dataset = 开放数据
kind-service-item = 服务事项
kind-plan = 任务表
kind-form = 依申请公开

notice-superseded = 这不是最新的文本，请以现行文本为准。
notice-basis-superseded = 所依据的法规已经修订，办理前请向受理单位确认。
notice-repealed = 本文已经废止，仅供查阅。

fact-limit = 法定时限
fact-promise = 承诺时限
fact-fee = 费用
fact-below = 见下
fee-free = 免费
fee-charged = 收费
fee-mixed = 部分免费
duration = { $number }{ $unit }
unit-day = 日
unit-workday = 个工作日
unit-month = 个月
unit-year = 年
unit-hour = 小时
labelled = { $label }：{ $text }

guide-materials = 要带的材料
guide-material-when = 适用于：{ $when }
guide-who = 谁可以办
guide-steps = 怎么办
guide-situations = 特殊情况
guide-situation-bring = 要带：{ $materials }
guide-where = 在哪里办
guide-address = 地址
guide-hours = 时间
guide-phone = 电话
guide-proxy = 代办
guide-limits = 各项时限
guide-result = 办成得到
guide-result-validity = 有效期
guide-refusal = 不给办的情形
guide-remedy = 不服怎么办
guide-basis = 依据
guide-basis-line = 《{ $title }》（{ $version }的文本）{ $articles }

entry-matter = 公开事项
entry-level1 = 一级
entry-level2 = 二级
entry-content = 公开内容
entry-how = 怎么公开
entry-basis = 公开依据
entry-time-limit = 公开时限
entry-subject = 公开主体
entry-channels = 公开渠道
entry-audience = 公开对象
entry-mode = 公开方式
entry-levels = 公开层级
entry-inferred = { $value }（推定）
entry-inferred-remark = 标“推定”的，来源页面看不到，由编者按本领域通常做法填写。
audience-everyone = 全社会
audience-group = 特定群体
mode-active = 主动公开
mode-on-request = 依申请公开
mode-both = 主动公开、依申请公开
level-city = 市级
level-county = 县级
level-township = 乡级
level-village = 村级

document-number = 文号
document-issuer = 发布机构
document-published = 发布日期
document-version = 文本日期
document-validity = 有效性
document-outline = 目录
document-text = 正文
validity-in-force = 现行
validity-in-force-as-of = 现行（截至{ $date }）
validity-superseded = 已有新文本
validity-basis-superseded = 依据已修订
validity-repealed = 已废止

interpretation-text = 解读

dataset-provider = 提供单位
dataset-frequency = 更新频率
dataset-open-type = 开放类型
dataset-format = 格式
dataset-size = 数据量
dataset-rows = { $count }行
dataset-preview = 前{ $count }行
dataset-all = 全部{ $count }行

item-department = 部门
item-main = 主项
item-code = 实施编码
item-type-code = 类型代码
item-area-code = 区划代码
item-department-code = 部门代码
item-remark = 来源只公布了名称和编码。要带什么、几天办完，请向该部门确认。

plan-tasks = 任务（{ $count }项）
plan-responsible = 责任单位：{ $who }
plan-guidance = 指导单位：{ $who }
plan-deadline = 完成时限：{ $when }

form-applicant = 申请人：{ $who }
form-request = 要什么信息
form-rules = 您该知道的
form-required = { $label }（必填）
form-optional = { $label }（可不填）

qr-caption = 扫码带走
qr-offline = 手机不用上网也能看
qr-online = 手机打开网页接着看

footer-source = 来源：{ $title }
footer-source-dated = 来源：{ $title }，{ $date }
footer-editors = 来源：本机编者整理
footer-generated = 来源：由本机其他公开内容汇编
footer-truncated = 来源页面的文字不完整。
footer-as-of = 数据截至{ $date }
footer-as-of-verified = 数据截至{ $date }　签名已验证
footer-printed = 打印{ $time }
footer-reference = { $id }　以办理机关现行规定为准
footer-reference-text = { $id }　以发布机关公布的文本为准

test-title = 测试页
test-profile = 型号档案
test-width = 点数
test-time = 打印时间
test-type = 字号
test-sample = 政务公开 Open government 0123
test-rare = 生僻字
test-grey = 灰阶与线条
test-tick = 已勾选的方框
test-code = 请扫码核对下面的文字
