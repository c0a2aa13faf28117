# 没有内容可以显示的页
notice-not-yet = 内容还没有送到本机
notice-not-yet-text = 本机刚装好，或者还没有收到第一份内容。收到后会自动显示，不用重开。
notice-unreadable = 本机的内容读不出来
notice-unreadable-text = 存放内容的文件坏了，本机会重新取一份。
notice-gone = 这一条不在本机的内容里
notice-gone-text = 它可能已经改名或撤下。换个说法搜索，或从列表里找。
notice-ways = 现在可以这样
notice-staff = 问大厅工作人员
notice-staff-text = 把这一页给他们看就行
notice-window = 到办事窗口问
notice-window-text = 窗口的工作不受影响
notice-home = 回到首页
notice-home-text = 指南、文件、目录、数据都在那里
notice-areas = 按领域查
notice-areas-text = 一个领域一个领域地看

suggestions-crumb = 意见建议
suggestions-title = 告诉我们缺了什么、哪里错了
suggestions-text = 您的意见会让这里的内容更全、更准。
suggestions-banner = 本机现在还不能直接收意见，不会替您转交。下面的办法今天就能用。
suggestions-say = 当面说
suggestions-say-text = 到大厅窗口或咨询台，说页面名称和哪里不对
suggestions-take = 带上这一页
suggestions-take-text = 在有问题的那一页点“打印”或“带到手机”，交给窗口
suggestions-request = 要的信息没有公开
suggestions-request-text = 看看依申请公开的表要填什么
