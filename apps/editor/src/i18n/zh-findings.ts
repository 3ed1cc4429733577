/**
 * What the built-in operators find in their settings, by the English sentence. `{name}` is a place for a value, the same on both sides;
 * `{choice}` and `{setting}` hold words of the form, which are put in Chinese too. A sentence that is not here is shown as it is.
 */
export const zhFindings: { readonly [english: string]: string } = {
  // fields and their names
  '"{name}" cannot be a field name.': '“{name}”不能作为字段名。',
  '"{name}" cannot be a field name here.': '“{name}”在此处不能作为字段名。',
  '"{name}" cannot be a field name; write names separated by single dots.':
    '“{name}”不能作为字段名，各级名称之间请用一个点号分隔。',
  '"{name}" cannot be a field name; write names without empty steps.': '“{name}”不能作为字段名，各级名称不能为空。',
  '"{name}" cannot be the name of a result; leave out dots.': '“{name}”不能作为结果名称，请去掉点号。',
  '"{name}" is listed twice.': '“{name}”列出了两次。',
  'Two fields would be called "{name}".': '会有两个字段都叫“{name}”。',
  'Two fields of the result are called "{name}"; rename one.': '结果中有两个字段都叫“{name}”，请给其中一个改名。',
  'Two parts of the group are called "{name}"; give one another name.': '分组中有两项都叫“{name}”，请给其中一项改名。',
  'The index and the element cannot both be "{name}".': '“序号字段”和“元素字段”不能都是“{name}”。',
  '"{part}" looks like an expression; write it as an expression with a name.':
    '“{part}”像是表达式，请改为填写“表达式”及其“名称”。',
  "Either name a field for the element or put the element's fields beside the others, not both.":
    '“元素字段”和“将元素字段与其他字段并列”只能选一个。',

  // outputs of a route
  'The output "otherwise" is always there; give this rule another name.':
    '输出“otherwise”（其他）始终存在，请给此规则另取名称。',
  '"{port}" cannot name an output; use a letter, then letters, digits, "-" or "_".':
    '“{port}”不能作为输出的名称：请以字母开头，后接字母、数字、“-”或“_”。',
  'Two rules are called "{port}"; join them with || or rename one.':
    '有两条规则都叫“{port}”，请用 || 合并，或给其中一条改名。',

  // totals and windows
  'Give a field or an expression, not both.': '“对字段”和“或对表达式”只能填一个。',
  'Say which field "{choice}" is computed of.': '请填写“{choice}”对哪个字段计算。',
  'Give the result of an expression a name.': '请为表达式的结果填写“结果名称”。',
  'Say which percentile: 0.5 for the median, 0.95 for the 95th.': '请填写百分位：中位数为 0.5，第 95 百分位为 0.95。',
  'A {choice} window needs {setting} longer than 0, such as "1 h".': '{choice}窗口的{setting}须大于 0，例如 1 小时。',
  'a size': '“大小”',
  '"Every"': '“每”',
  'a pause': '“停顿”',
  'Choose day, week or month.': '请选择天、周或月。',
  'Say how many records make a window.': '请填写多少条记录组成一个窗口。',
  'Give a pause or an expression for it, not both.': '“停顿”和“或按表达式的间隔”只能填一个。',
  'Results of a {choice} window cannot be corrected later; leave this empty.':
    '{choice}窗口的结果之后无法更正，请将此项留空。',
  'The offset must be shorter than the size.': '“偏移”须小于“大小”。',
  'A new window starts only after the last one has ended: records between them are left out.':
    '上一个窗口结束一段时间后才开始新窗口：两者之间的记录被排除。',
  'These windows share only very short spans, which costs memory; make the size a multiple of "Every".':
    '这些窗口只共用很短的时段，占用较多内存；请将“大小”设为“每”的整数倍。',
  'The size must be a multiple of "Every", such as 1 h in a size of 1 d.':
    '“大小”须是“每”的整数倍，例如大小为 1 天、每 1 小时。',
  'Say how long a window is, such as "1 h".': '请填写窗口有多长，例如 1 小时。',
  'Say how long an interval is, such as "1 min".': '请填写每段时间有多长，例如 1 分钟。',

  // the best rows
  'Equal rows share a rank, so a table of places cannot hold them all: choose a table of rows.':
    '相等的行名次相同，名次表容纳不下：“榜单内容”请选“行”。',
  'Name the fields that tell rows apart, so that one that leaves can be deleted.':
    '请在“行的区别”中填写区分各行的字段，以便删除离开榜单的行。',

  // repeats
  'Say how long a key is remembered, such as "1 h".': '请填写键记住多久，例如 1 小时。',
  'The last record is not known when it arrives: choose "updating", or "final" to get it once.':
    '记录到达时还不知道是不是最后一个：“发送”请选“持续更新”；只要一次，则选“最终结果”。',
  'A final result goes by event time; remember by event time or for ever.':
    '“最终结果”以事件时间为准：“记住”请选“事件时间”或“永远”。',
  'The last record for ever is known only when the input ends; a live stream never gets there.':
    '永远记住时，输入结束后才知道最后一个；实时流永远等不到。',
  'Sent at once, the first to arrive is kept; this order is not used.': '“立即”发送时保留最先到达的，此顺序不起作用。',

  // joins and tables
  '"Right until" lies before "Right from", so nothing would ever fit.': '“右侧止”早于“右侧起”，永远不会有配对。',
  'Every record is kept for ever, so memory grows with the streams. Say when a key is forgotten, or use "Join in time".':
    '每条记录都永远保留，占用的内存会不断增长。请填写“键的遗忘时间”，或改用“区间关联”。',
  'Both sides need equally many key fields: the first is compared with the first, and so on.':
    '“左侧键”和“右侧键”的字段数须相同：第一个与第一个比较，依次类推。',
  'The key of the table needs as many fields as the key of the record.': '“表的键”和“键”的字段数须相同。',
  'Give either rows or a file.': '“行”和“文件”请填写其中一个。',
  'The row has no "{field}", so nothing finds it.': '此行没有“{field}”，因此永远不会被查到。',
  'Only a file can be looked at again, after more than 0.': '只有文件可以检查变化，间隔须大于 0。',
  'There must be as many columns as fields to match.': '“匹配列”和“匹配字段”的数量须相同。',
  'An upsert needs the columns that tell rows apart.': '“插入或更新”需要在“键列”中填写区分各行的列。',

  // samples, patterns, masks
  'Say which share to take, such as 0.1.': '请填写抽取的比例，例如 0.1。',
  'Say how many records there are to each one taken, such as 100.': '请填写每几个取一个，例如 100。',
  'Say how long to wait for the second, such as "10 min".': '请填写等待“第二个”多久，例如 10 分钟。',
  'Pseudonyms need a salt; without one anybody could compute them from a guess.':
    '生成代号需要“盐”：没有盐，任何人都能通过猜测算出代号。',

  // times and lengths of time
  'There is no such time zone.': '没有这个时区。',
  '"{zone}" is no time zone; write one as in Europe/Berlin.': '没有时区“{zone}”，请填写 Europe/Berlin 这样的名称。',
  'Write the time as in {example}.': '请按 {example} 的格式填写时间。',
  'Say at which time to begin, such as 2026-11-01T00:00:00Z.': '请填写“起始时间”，例如 2026-11-01T00:00:00Z。',
  'Say how long a span is, such as "15 min".': '请填写时间段有多长，例如 15 分钟。',

  // carts, customers, visits
  'Say how long a cart must be left alone, such as "1 h".': '请填写购物车闲置多久算放弃，例如 1 小时。',
  'Say how often the segments are worked out, such as "1 d".': '请填写多久计算一次分群，例如 1 天。',
  'The currency keeps customers apart already.': '顾客已按币种分别计算，这里不必再写币种。',
  'Say after which silence a visit ends, such as "30 min".': '请填写多久没有动静算访问结束，例如 30 分钟。',
  'Say how long a pause is, such as "30 min".': '请填写停顿多久算访问结束，例如 30 分钟。',
  'Say how long a visit may last, such as "12 h".': '请填写一次访问最长多久，例如 12 小时。',

  // orders, payments, stock
  'Say how long is too long, such as "30 min".': '请填写超过多久算超时，例如 30 分钟。',
  'Say after how long an order is forgotten, such as "180 d".': '请填写多久后遗忘订单，例如 180 天。',
  'Say how long orders are remembered, such as "7 d".': '请填写订单记住多久，例如 7 天。',
  'Say how long an order is remembered, such as "7 d".': '请填写订单记住多久，例如 7 天。',
  'Say how long a customer has to pay, such as "1 d".': '请填写顾客须在多久之内付款，例如 1 天。',
  'An order must be known for at least as long as it may be paid.': '“订单遗忘时间”不能短于“付款期限”。',
  'With one stock per product an order is no longer one step; take the product out, or choose "line".':
    '每件商品一个库存池时，整单无法一步完成；请从“每项一个库存池”中去掉商品，或选择“整行”。',
  'Two of these fields have the same name in the results.': '这些字段中有两个在结果中同名。',
  'Say how long a reservation waits, such as "30 min".': '请填写预留等待多久，例如 30 分钟。',
  'Units that are sold at once never expire.': '“直接售出”的商品不会释放，此项不起作用。',
  'A change and a count need fields of their own.': '变化量和盘点数须用不同的字段。',

  // forecasts, scores, alarms
  'Name the field with the product.': '请填写表示商品的字段。',
  'The past must be at least two seasons long, or nothing can be forecast.':
    '“使用的历史”至少须有两个季节周期，否则无法预测。',
  'Review must begin at a lower score than block.': '“人工审核起点”须低于“拦截起点”。',
  'All checks together give {points} points: nothing would ever be reviewed.':
    '所有检查项合计只有 {points} 分：永远不会有记录需要审核。',
  'Say which number is watched.': '请填写要监测的数字。',
  'Give at least one limit.': '请至少填写一个界限。',
  'The upper limit is below the lower one: every value would alarm.': '“高于”的界限小于“低于”的界限：任何值都会告警。',
  'Say how long nothing may come, such as "10 min".': '请填写多久没有数据算异常，例如 10 分钟。',

  // web addresses
  'This is not a full web address such as https://shop.example/hook.':
    '这不是完整的网址，请按 https://shop.example/hook 的格式填写。',
  'Only http:// and https:// addresses can be called.': '只能调用以 http:// 或 https:// 开头的地址。',
  'A web address must not hold a user name or password.': '网址中不能含有用户名或密码。',
  '{host} is not on the public internet. An administrator can open it with MILLRACE_ALLOW_PRIVATE_HOSTS.':
    '{host} 不在公网上。管理员可用 MILLRACE_ALLOW_PRIVATE_HOSTS 放行。',
  'The braces in the address do not hold a field each.': '地址中的每对花括号里须写一个字段。',
  'A field may stand in the path or behind the ?, not in the host of the address.':
    '字段可以写在地址的路径中或 ? 之后，不能写在主机名中。',
  'The changed-at field and the parameter it is sent in belong together. Set both, or none.':
    '“更改时间字段”和“更改起始参数”须一起填写，或都不填。',
  'The header {name} is set by the node itself.': '请求头 {name} 由节点自己设置，请删除。',

  // files and other systems
  'A gzip file cannot be followed while it grows.': 'gzip 文件增长时无法“持续读取”。',
  'Name the columns of the CSV rows.': '请填写 CSV 各列的“列名”。',
  'Name a topic, or the field that names it, not both.': '“主题”和“主题取自字段”请填写其中一个。',
  'Nothing lies between the newest record and the end: begin with the oldest or at a time.':
    '最新的记录与末尾之间没有内容：“起始位置”请选“最早”或“时间”。',
  'Name a queue or an exchange, one of the two.': '“队列”和“交换机”请填写其中一个。',
  'A routing key goes with an exchange, not with a queue.': '路由键用于交换机，不用于队列。',

  // made-up data
  'Events arrive further out of order than is waited for: some will be late.':
    '“乱序上限”超过“等待乱序事件的时长”：部分事件会迟到。',
  'A sale must be shorter than the time from one to the next.': '闪购的“持续时间”须短于两次闪购的间隔。',
  'The shop has the products {first} to {last}.': '商城的商品为 {first} 至 {last}。',
  'A group must not be a multiple of {stir}, or events would repeat.': '此数不能是 {stir} 的倍数，否则事件会重复。',
  'Events come up to {disorder} ms behind the newest; with less allowed some of them are late.':
    '事件最多比最新的晚 {disorder} 毫秒；“乱序上限”更小时，部分事件会迟到。',
};
