# 什么不能用，什么还能用，现在做什么
trouble-agent-chip = 部分功能停用
trouble-agent = 打印暂时不能用
trouble-agent-text = 本机后台没有回应，正在自动重试。查找、阅读、带到手机都正常。
trouble-paper-chip = 打印机缺纸
trouble-paper = 打印机没纸了
trouble-paper-text = 请告诉大厅工作人员。内容照样可以看，也可以先带到手机，或者加入清单，等纸换好再打。
trouble-cover-chip = 打印机开盖
trouble-cover = 打印机的盖子没合好
trouble-printer-chip = 打印机故障
trouble-printer = 打印机暂时不能用
trouble-printer-text = 请告诉大厅工作人员。内容照样可以看，也可以先带到手机。
trouble-stale-chip = 内容较旧
trouble-stale = 内容截至{"\u2009"}{ $date }
trouble-stale-text = 本机很久没有收到新的内容。可以照常查，办事前请向窗口确认。
trouble-offline-chip = 网络断开
trouble-offline = 现在是断网状态，可以照常查
trouble-offline-text = 内容存在本机，截至{"\u2009"}{ $date }，签名已验证。
