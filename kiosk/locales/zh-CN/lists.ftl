# 领域、列表、我的清单
areas-title = { $count }个公开领域
areas-pilot = 苏州试点领域
areas-pilot-remark = { $count }{"\u2009"}个，按试点文件顺序；数字是收录条数
areas-others = 其他领域
areas-others-remark = { $count }{"\u2009"}个
areas-now-called = 现称{ $name }
areas-publisher = 苏州市人民政府办公室
areas-source = 苏府办〔2017〕288{"\u2009"}号

list-next = 第{"\u2009"}{ $count }{"\u2009"}到{"\u2009"}{ $total }{"\u2009"}条
list-empty = 本机没有这一类内容。没有，不等于不能办。
list-all = 全部
list-by-event = 按事情
list-by-audience = 按人群
list-by-area = 按领域
list-remark = 共{"\u2009"}{ $count }{"\u2009"}条
list-verified-elsewhere = 每一条分别注明

kind-guides = 办事指南
kind-documents = 政策文件
kind-entries = 公开目录
kind-interpretations = 政策解读
kind-datasets = 开放数据
kind-service-items = 服务事项
kind-plans = 任务分工
kind-forms = 表格
kind-areas = 公开领域

document-type-law = 法律
document-type-regulation = 行政法规
document-type-rule = 部门规章
document-type-state-council = 国务院文件
document-type-normative = 规范性文件
document-version = { $date }{"\u2009"}版

my-list-title = 我的清单
my-list-hint = 清单只在这次访问里有，结束访问就清除
my-list-nothing = 清单里还没有内容。看到有用的一页，点“加入清单”，最后一起打印或带到手机。
my-list-print = 全部打印
my-list-clear = 清空
