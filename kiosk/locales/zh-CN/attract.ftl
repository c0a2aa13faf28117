# 待机屏
attract-start = 点一下屏幕，开始查
attract-touch = 点一下屏幕，开始查
attract-touch-other = Touch the screen to start
attract-guides-line = 要带什么、几天办完、去哪里办
attract-request-line = 没有公开的，可以提出申请
attract-promise-1 = 看得到　听得懂　易获取
attract-promise-2 = 能监督　好参与
attract-no-login = 不用登录
attract-offline = 断网也能查
attract-summary = 收录指南{"\u2009"}{ $guides }{"\u2009"}项、文件{"\u2009"}{ $documents }{"\u2009"}件、目录{"\u2009"}{ $entries }{"\u2009"}条，数据截至{"\u2009"}{ $date }
attract-no-content = 内容还没有送到本机
attract-to-phone = 可带到手机
attract-free-print = 免费打印
