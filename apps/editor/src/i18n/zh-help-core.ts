/** Help of the core operators and of their settings in Chinese, by the English text. */
export const zhHelpCore: { readonly [english: string]: string } = {
  'A record goes on only when the rule is true. When a field is missing the comparison is not true, so the record stays behind; test with `field == null` (the field is empty) to keep such records.':
    '只有规则为真时，记录才会继续。字段缺失时比较不成立，记录就此停下；要保留这样的记录，用 `field == null`（字段为空）判断。',
  'Times become milliseconds since 1970; decimals are exact.': '时间变为自 1970 年起的毫秒数；十进制数是精确的。',
  'For decimals; default 2.': '用于十进制数；默认 2。',
  'For times; default ms.': '用于时间；默认毫秒。',
  'Of times written without one; default: the time zone of the workflow.': '用于未写明时区的时间；默认：工作流的时区。',
  'Default: the record fails.': '默认：该记录失败。',
  'Steps run in order. A missing field stays missing when it is renamed, dropped or converted. `customer.name` names a field inside another; missing objects on the way are made.':
    '步骤按顺序执行。缺失的字段在重命名、删除或转换后仍然缺失。`customer.name` 指另一字段内的字段；途中缺失的对象会自动建立。',
  'Each rule has an output of its own. Records that no rule wants leave through "otherwise"; leave it unlinked to drop them.':
    '每条规则有自己的输出。不满足任何规则的记录从“其他”输出；不需要时不连线即可。',
  'Records are passed on unchanged. What comes after goes by the slowest input that still sends: an hour is over only when all of these have come past it.':
    '记录原样传出。后面的节点以仍在发送的最慢输入为准：只有这些输入都过了某个小时，那个小时才算结束。',
  'The field that holds the list.': '存放列表的字段。',
  'all: the other fields of the record and the element. element: the element only.':
    '全部：记录的其他字段和元素。仅元素：只有元素本身。',
  'Field that gets the element. Default: the list field; with "element only", the element is the record.':
    '接收元素的字段。默认：列表字段；选“仅元素”时，元素本身就是记录。',
  'For lists of objects. A field of the element wins over one of the record.':
    '用于对象列表。元素的字段优先于记录的同名字段。',
  'Field that gets the place in the list, from 0.': '接收列表中位置的字段，从 0 开始。',
  'An empty or missing list gives one record whose element is empty (null).':
    '空列表或缺失的列表产生一条记录，其元素为空（null）。',
  'For example the lines of an order. A record whose list is empty or missing ends here, unless it is to be kept. A field that is no list is an error of the record.':
    '例如订单的明细。列表为空或缺失的记录在此结束，除非选择保留。字段不是列表时，该记录出错。',
  'tumbling: one after the other. hopping: overlapping. cumulating: growing until full, then anew. calendar: days, weeks, months. session: until a pause. count: every so many records.':
    '滚动：一个接一个。滑动：互相重叠。累积：逐步变大直到满，再重新开始。日历：按天、周、月。会话：直到出现停顿。计数：每满若干条记录。',
  'A new result this often.': '每隔这么久给出一个新结果。',
  'Moves the starts of the windows. Without it they are multiples of the size since 1970 in world time (UTC): hours begin on the hour.':
    '平移窗口起点。不设置时，起点是自 1970 年（世界时 UTC）起窗口大小的整数倍：小时窗口从整点开始。',
  'A longer pause ends the session.': '停顿超过此时长，会话结束。',
  'A pause of its own for each record, in ms. The session lasts until the furthest of them is over.':
    '每条记录各自的停顿时长，单位毫秒。会话持续到其中最晚的一个结束。',
  'A result for every so many records.': '每满这么多条记录给出一个结果。',
  'Between two texts; default ", ".': '放在两个文本之间；默认“, ”。',
  '0.5: half of the values are below it (the median). 0.95: 95 of 100 are (the 95th percentile).':
    '0.5：一半的值低于它（中位数）。0.95：100 个中有 95 个低于它（第 95 百分位）。',
  'Values in the list: default 10 for topK, 1000 when collecting.': '列表中的值数：topK 默认 10，收集时默认 1000。',
  'How far off an approximate percentile may be; default 0.01: by 1 of 100.':
    '近似百分位允许的误差；默认 0.01：每 100 差 1。',
  'A window is a span of time, such as an hour. A result has the fields of its group, the computed fields, and `windowStart` and `windowEnd` in ms. A window holds the records from its start up to, but not including, its end. It is sent once, when no record of it can come any more; later records leave through "late". Sums are exact (0.1 + 0.2 is 0.3), empty values are skipped.':
    '窗口是一段时间，例如一小时。结果包含分组字段、计算出的字段，以及 `windowStart` 和 `windowEnd`（毫秒）。窗口包含从起点到终点（不含终点）的记录。当不会再有属于它的记录时，窗口发出一次；更晚的记录从“迟到”输出。求和是精确的（0.1 + 0.2 等于 0.3），空值被跳过。',
  'A group without records for this long (by the clock) starts again from nothing. Default: never.':
    '这么久（按时钟）没有记录的分组从零重新开始。默认：从不。',
  'Results replace one another: the stream is a table with one row per group. For results per hour or day use a window. Sums are exact (0.1 + 0.2 is 0.3).':
    '结果互相替换：整条流是一张表，每个分组一行。要按小时或按天的结果，用窗口。求和是精确的（0.1 + 0.2 等于 0.3）。',
  'Records with the same values in these fields are repeats of one another.': '这些字段的值相同的记录互为重复。',
  'at-once: the first to arrive, as it arrives. updating: the first or last so far, by the time at which it happened; a better one replaces it. final: one result, when no older record can come any more.':
    '立即：最先到达的记录，到达即发出。持续更新：按发生时间至今最早或最晚的记录，有更合适的就替换。最终结果：不会再有更早的记录到来时，给出唯一一个结果。',
  'How long repeats are known: for ever (memory grows with the number of different values), for a span of event time (the time in the records), or for a span of the clock.':
    '重复能被识别多久：永远（内存随不同值的数量增长）、一段事件时间（记录中的时间），或一段时钟时间。',
  'How long repeats of a record are known after the first one.': '从第一条记录起，其重复能被识别多久。',
  'Order of records with the same event time: "first" keeps the first in this order, "last" the last. Then arrival decides.':
    '事件时间相同的记录的顺序：“第一个”保留此顺序中的第一条，“最后一个”保留最后一条。仍相同则看到达顺序。',
  'asc: smallest first. desc: greatest first. Missing values come last either way.':
    '升序：最小的在前。降序：最大的在前。缺失值总在最后。',
  'Otherwise records that lack one of the fields are filtered out.': '否则缺少其中任一字段的记录被排除。',
  'Records with the same values in the fields you choose are repeats of one another; repeats count as filtered. "At once" passes the first record to arrive and is the cheapest. "Updating" makes a table with one row for each different value of these fields, which always holds the first (or last) by the time at which it happened. "Final" gives one result that no longer changes; a last record has as its time the moment when it became certain, or its own when only the end of input decides. Where time decides, records that come later than the source allows for leave through "late".':
    '所选字段的值相同的记录互为重复；重复记录计为被排除。“立即”放行最先到达的记录，开销最小。“持续更新”产生一张表，这些字段的每组值一行，始终保存按发生时间的第一条（或最后一条）。“最终结果”给出唯一且不再变化的结果；取最后一条时，结果的时间是其确定的时刻，只有输入结束才能确定时则用记录自身的时间。由时间决定时，晚于来源所允许时限才到的记录从“迟到”输出。',
  'event-time: a record older than the row it would replace is a repeat. arrival: the last to come wins.':
    '事件时间：比要替换的行更旧的记录视为重复。按到达：最后到达的为准。',
  'A rule for records that say that something is gone.': '用于识别表示“已不存在”的记录的规则。',
  'What follows sees rows that replace one another, so totals subtract the old row before they add the new one. Of a table, later versions pass in the same way.':
    '后面的节点看到的是互相替换的行，因此汇总会先减去旧行，再加上新行。对表而言，较新的版本同样传出。',
  'hash: a made-up name of 32 letters and digits. token: a made-up name in the same pattern as the value. redact: a text, or nothing. keep-last, keep-first: stars for the rest. domain: of an e-mail address. period: the day, week or month of a time.':
    '哈希：32 位字母和数字的代号。令牌化：与原值格式相同的代号。遮盖：固定文本，或留空。保留末尾、保留开头：其余用星号代替。保留域名：用于电子邮件地址。周期：时间所在的天、周或月。',
  'Empty: the field becomes empty (null).': '留空：字段变为空（null）。',
  'Default: the last 4, or the first 2.': '默认：末尾 4 个，或开头 2 个。',
  'Default: day.': '默认：天。',
  'A secret text that goes into every made-up name. The same salt gives the same names in every workflow; whoever knows it can test guesses.':
    '参与生成每个代号的秘密文本。相同的盐在所有工作流中产生相同的代号；知道盐的人可以验证猜测。',
  'Made-up names ("hash", "token") are the same for the same value and salt (a secret text of yours), so counting and joining still work. They hide who it is, but not for good (pseudonymisation, not anonymisation): with the salt a guess can be tested, so in law the result is still personal data. Keep the salt apart, and use "redact" where the value is not needed. What a method cannot read becomes empty (null), never the plain value; missing fields stay missing. Records that failed before this node keep their plain values in the dead letters (records put aside because they could not be processed).':
    '代号（“哈希”“令牌化”）在值和盐（你设定的秘密文本）相同时相同，因此计数和关联仍然有效。身份被隐藏，但并非无法追回（是假名化，不是匿名化）：知道盐就能验证猜测，所以在法律上结果仍是个人数据。盐要单独保管；不需要该值时用“遮盖”。方法无法读取的值变为空（null），绝不会是明文；缺失的字段仍然缺失。在此节点之前失败的记录，其明文仍保留在死信（因无法处理而搁置的记录）中。',
  'sequence: the first, then the second. absence: the first, and the second does not follow in time.':
    '先后出现：先有第一个，再有第二个。没有出现：有第一个，但第二个没有按时出现。',
  'The second counts up to this long after the first, the last moment included.':
    '第二个在第一个之后这么久之内有效，含最后一刻。',
  'Both must have the same values in these fields; records that lack one are filtered out. Empty: all records are one story.':
    '两者在这些字段上的值必须相同；缺少任一字段的记录被排除。留空：所有记录视为同一序列。',
  'anything: other records are passed over. nothing: the second must be the very next record.':
    '任意记录：中间的其他记录被略过。不允许其他记录：第二个必须紧接着出现。',
  'pair: `a` and `b` hold the two records. merged: one record with the fields of both, the second wins.':
    '成对：`a` 和 `b` 存放两条记录。合并：一条记录含两者的字段，同名时以第二条为准。',
  'Order of records with the same event time. Then arrival decides.': '事件时间相同的记录的顺序。仍相同则看到达顺序。',
  'Events are looked at in the order in which they happened, whatever the order of arrival. Each first event is decided once, by the next second one; one second can answer several firsts. That nothing followed is known when the time is over and no older record can come any more; the result then is the first record. Records that come even later leave through "late".':
    '无论到达顺序如何，事件都按发生的先后顺序处理。每个第一事件由其后的下一个第二事件裁定一次；一个第二事件可以对应多个第一事件。时限已过且不会再有更早的记录到来时，才能确定没有后续，此时的结果是第一条记录。更晚到的记录从“迟到”输出。',
  'share: a part of all, chosen by a fixed lot: the same records each time. every: every so many records.':
    '按比例：按固定的抽签选出一部分，每次选中的记录相同。每隔：每若干条记录取一条。',
  'From 0 to 1; 0.1 is about a tenth.': '从 0 到 1；0.1 约为十分之一。',
  'The first of every so many records.': '每这么多条记录取第一条。',
  'share: records with the same values in these fields are all in or all out; empty: each record for itself, by its time and content. every: counted apart for each. Without fields one task (one processor core) does it all.':
    '按比例：这些字段的值相同的记录要么全取，要么全不取；留空：每条记录按其时间和内容单独决定。每隔：对这些值分别计数。不填字段时由一个任务（一个处理器核心）完成全部工作。',
  'Another text takes another sample of the same size.': '换一个文本，就得到另一份同样大小的样本。',
  'A share by customer, say, takes everything of some customers: their visits and totals stay whole. The rest counts as filtered.':
    '例如按顾客取比例时，被选中顾客的全部记录都会保留：其访问与合计保持完整。其余计为被排除。',
  'Records with the same values in these fields come in order. Empty: all records do, which one task (one processor core) has to do alone.':
    '这些字段的值相同的记录依次发出。留空：所有记录一起排序，只能由一个任务（一个处理器核心）完成。',
  'A record is held until no older one can come, that is, for as long as records may be out of order at the source. Records that come even later leave through "late".':
    '一条记录会一直保留到不可能再有更旧的记录为止，也就是数据来源处允许的乱序时长。更晚到的记录从“迟到”输出。',
  'Records per interval.': '每个间隔的记录数。',
  'Counted apart for different values of these. Empty: all together.': '按这些值分别计数。留空：合并计数。',
  'first: the first ones to arrive, at once. last: the last ones, when the interval is over.':
    '第一个：最先到达的，立即发出。最后一个：最后到达的，在间隔结束时发出。',
  'event-time: when it happened. clock: when it passes here; when the same records are run again, others may be kept.':
    '事件时间：发生的时间。时钟：经过此处的时间；同样的记录再次运行时，留下的可能不同。',
  'The others leave through "dropped" and count as filtered. The last records of an interval are sent when it is over, with that time; by the clock they keep their own unless it has been passed.':
    '其余记录从“被丢弃”输出，并计为被排除。一个间隔的最后几条记录在间隔结束时发出，并带上该时间；按时钟时保留其自身时间，除非该时间已被越过。',
  'The first field that differs decides.': '由第一个不同的字段决定。',
  'arrival: the earlier one is better. all: rows equal to the last one count too, and share its rank.':
    '按到达：较早的排在前。全部：与最后一行相等的行也计入，名次相同。',
  'so-far: all rows up to now, as a table that keeps changing. window: one final result for each span of time. given-window: the windows of totals before this node (`windowStart`, `windowEnd`), one final result each.':
    '截至目前：至今的所有行，是一张不断变化的表。窗口：每段时间给出一个最终结果。已有窗口：沿用此节点之前汇总的窗口（`windowStart`、`windowEnd`），每个窗口给出一个最终结果。',
  'places: one row per rank, replaced when another takes its place. rows: the rows themselves; one that leaves is deleted.':
    '名次：每个名次一行，换人时被替换。行：行本身；离开榜单的行被删除。',
  'The fields that tell rows of a group apart; a second row with the same values replaces the first. Over a table its own key is used.':
    '区分组内各行的字段；值相同的后一行替换前一行。对表则使用其自身的键。',
  'Field that gets the rank, from 1. A table of places has it in any case, as "rank" unless named.':
    '接收名次的字段，从 1 开始。名次表总有此字段，未命名时为“rank”。',
  'Of a stream of new records only the rows in the list are kept. Of a table (totals that change, say) all rows of a group are kept, so that the next one moves up when a better one drops or is deleted. Per window the list is sent once, when it is complete; rows that come later leave through "late".':
    '对新记录的流，只保留榜单中的行。对表（例如会变化的汇总），保留组内所有行，以便较好的行下降或被删除时，后一名补上。按窗口时，榜单在完整后发出一次；更晚到的行从“迟到”输出。',
  'Records belong together when these fields are equal on both sides.': '两侧的这些字段相等时，记录配成一对。',
  'As many fields as the left key has, in the same order.': '字段数与左侧键相同，顺序一致。',
  'Earliest time of a right record, counted from the time of the left one. Negative: before it.':
    '右侧记录的最早时间，从左侧记录的时间算起。负数：在其之前。',
  'Latest time of a right record, counted from the time of the left one; this moment included.':
    '右侧记录的最晚时间，从左侧记录的时间算起，含这一刻。',
  'inner: pairs only. left, right, full: also the records of that side (or both) that found no partner in time.':
    '仅配对：只有成对的结果。保留左侧、保留右侧、两侧都保留：还包括该侧（或两侧）未按时找到配对的记录。',
  'Otherwise a late record still finds the partners that are kept.': '否则迟到的记录仍会与还保留着的记录配对。',
  'merge: the fields of both records side by side; where both have a field of the same name the right one wins, unless a prefix keeps them apart. nest: two fields, "left" and "right", which hold the records; a side without a partner is empty (null).':
    '合并字段：两条记录的字段并列；同名时以右侧为准，除非用前缀区分。嵌套：“left”和“right”两个字段存放两条记录；没有配对的一侧为空（null）。',
  'Put before the name of every right field, such as "payment_".': '加在右侧每个字段名之前，例如“payment_”。',
  'An order and its payment within a day, a click and the purchase within an hour. A record waits only as long as a partner can still come. A record that found none is sent when that is certain, so "left" also tells which orders were not paid in time. Records with an empty key match nothing.':
    '例如订单与一天之内的付款，点击与一小时之内的购买。记录只在配对仍可能到来时等待。确定没有配对后，该记录才发出，因此“保留左侧”也能告诉你哪些订单没有按时付款。键为空的记录不与任何记录配对。',
  'tumbling: one after the other. hopping: overlapping. cumulating: growing until full, then anew. calendar: days, weeks, months.':
    '滚动：一个接一个。滑动：互相重叠。累积：逐步变大直到满，再重新开始。日历：按天、周、月。',
  'inner: pairs only. left, right, full: also the records of that side (or both) without a partner. semi: left records that have a partner, once. anti: left records that have none.':
    '仅配对：只有成对的结果。保留左侧、保留右侧、两侧都保留：还包括该侧（或两侧）没有配对的记录。左侧有配对的：有配对的左侧记录，各一次。左侧无配对的：没有配对的左侧记录。',
  'Both streams are cut into the same windows, spans of time such as an hour. When a window is complete, its records are joined by key (the fields that must be equal) and sent with `windowStart` and `windowEnd` in ms. Records with an empty key match nothing; records that come after their window was sent leave through "late".':
    '两条流按相同的窗口（一段时间，例如一小时）切分。窗口完整后，其中的记录按键（必须相等的字段）关联并发出，带有 `windowStart` 和 `windowEnd`（毫秒）。键为空的记录不与任何记录配对；窗口发出之后才到的记录从“迟到”输出。',
  'inner: pairs only. left, right, full: also the records of that side (or both) that have no partner yet; they are replaced when one comes.':
    '仅配对：只有成对的结果。保留左侧、保留右侧、两侧都保留：还包括该侧（或两侧）尚无配对的记录；配对到来时被替换。',
  'Needed when results replace one another: a later left record with the same values replaces the earlier one. A table that comes in brings its own.':
    '结果会互相替换时需要：值相同的后一条左侧记录替换前一条。输入为表时自带标识。',
  'The same for right records.': '右侧记录同理。',
  'The rows of one side are forgotten when none came for their key for this long (by the clock); what was sent stays. Default: never.':
    '一侧的行在其键这么久（按时钟）没有新行时被遗忘；已发出的结果保留。默认：从不。',
  'Every record is kept and meets all later ones with the same key (the fields by which records belong together), so set when a key is forgotten. Of two streams of events the pairs are events too. When records without a partner are kept, or a table comes in, the result is a table, whose rows replace one another: an order without a payment is replaced when the payment comes. Records with an empty key match nothing.':
    '每条记录都会保留，并与之后键相同的所有记录相遇（键是表明记录属于一起的字段），因此要设置键的遗忘时间。两条事件流配成的对也是事件。保留没有配对的记录或输入为表时，结果是一张行会互相替换的表：没有付款的订单在付款到来时被替换。键为空的记录不与任何记录配对。',
  'inner: records that have a table row at their time. left: all records.':
    '仅配对：在其时间有对应表行的记录。保留左侧：所有记录。',
  'The price of the day, the exchange rate of the hour, the address at the time of the order. The right input is a table with one row per key (the fields by which it is looked up); every record of it is a new version from its time on, also one that arrives after a newer one; do not put “Latest per key” before it, which drops those. A record waits until the table is known up to its time, so a table that gets no records holds the others up until its source counts as quiet (its setting "Quiet after").':
    '例如当天的价格、当时的汇率、下单时的地址。右侧输入是一张表，每个键（用来查找的字段）一行；它的每条记录从其时间起成为新版本，乱序到达的也算；不要在前面放“最新状态”，它会丢弃这些记录。记录会等到表的进度到达其时间，因此没有新记录的表会让其他记录等待，直到其来源被视为静默（来源的设置“静默时间”）。',
  'Fields of the record, or expressions, that are looked up.': '要查找的记录字段或表达式。',
  'As many fields of a row as the key has, in the same order.': '行中的字段，个数与键相同，顺序一致。',
  'A small table, written here.': '写在这里的小表。',
  'A table in a file: CSV (values between commas) with a header line, or one row per line in JSON, written as the rows above.':
    '文件中的表：带表头的 CSV（逗号分隔），或每行一个 JSON 对象，写法同上面的行。',
  'auto: CSV if the name ends in .csv.': '自动：名称以 .csv 结尾时为 CSV。',
  csv: 'CSV',
  ndjson: '每行一个 JSON',
  'All other columns of a CSV file are text. A number never equals a text.':
    'CSV 文件的其他列都是文本。数字永远不等于文本。',
  'The file is read again when it has changed. Default: read once, at the start.':
    '文件更改后会重新读取。默认：只在开始时读取一次。',
  'inner: records that are found in the table. left: all records.': '仅配对：在表中找到的记录。保留左侧：所有记录。',
  'The tax rate of a country, the name of a product. The table is written in the settings or read from a file. A record that is in the table several times comes out several times (for a stream of changes, use a table with one row per key). Records with an empty key are not found.':
    '例如国家的税率、商品的名称。表写在设置中，或从文件读取。一条记录在表中对应多行时，会输出多次（对变化的流，应使用每个键一行的表）。键为空的记录视为未找到。',
  'For trying things out. A deleted row of a table is printed as `{"op":"delete","value":…}`, or with "deleted: " before the line of a template.':
    '用于试验。表中被删除的行显示为 `{"op":"delete","value":…}`；使用模板时，则在该行前加“deleted: ”。',
  'Open the table in the browser, or read it through the API at `/api/views/NAME`. A record replaces the row with the same key fields; a deleted row disappears. The rows stay when the workflow is paused or published anew.':
    '在浏览器中打开此表，或通过 API 从 `/api/views/NAME` 读取。记录替换键字段相同的行；被删除的行消失。工作流暂停或重新发布后，行仍保留。',
};
