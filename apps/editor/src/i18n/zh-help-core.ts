/** Help of the core operators and of their settings in Chinese, by the English text. */
export const zhHelpCore: { readonly [english: string]: string } = {
  'A record goes on only when the rule is true. When a field is missing the comparison is not true, so the record stays behind; test with `field == null` (the field is empty) to keep such records.':
    '只有规则为真时，记录才会继续。字段缺失时比较不成立，记录就此停下；要保留这样的记录，用 `field == null`（字段为空）判断。',
  'integer: a whole number. boolean: true or false, also read from yes and no. time: milliseconds since 1970. decimal: a number with a set count of decimal places, exact to the last one.':
    '整数：没有小数的数。是/否：true 或 false，也能识别 yes 和 no。时间：自 1970 年起的毫秒数。十进制数：小数位数固定的数，精确到最后一位。',
  'For decimals; default 2.': '用于十进制数；默认 2。',
  'For times; default ms.': '用于时间；默认毫秒。',
  'Of times written without one; default: the time zone of the workflow.': '用于未写明时区的时间；默认：工作流的时区。',
  'error (the default): the record is put aside as a dead letter, with the reason. null: the field becomes empty.':
    '出错（默认）：该记录连同原因作为死信搁置。空值：字段变为空。',
  'Steps run in order. A missing field stays missing when it is renamed, dropped or converted. `customer.name` names a field inside another; if a record has no `customer` yet, setting `customer.name` makes it.':
    '步骤按顺序执行。缺失的字段在重命名、删除或转换后仍然缺失。`customer.name` 指另一字段内的字段；记录还没有 `customer` 时，设置 `customer.name` 会建立它。',
  'Each rule has an output of its own. Records that no rule wants leave through "otherwise"; leave it unlinked to drop them.':
    '每条规则有自己的输出。不满足任何规则的记录从“其他”输出；不需要时不连线即可。',
  'Records are passed on unchanged. For what comes after, an hour is over only when every input that still sends has come past it: the slowest one decides.':
    '记录原样传出。对后面的节点来说，只有仍在发送的输入都过了某个小时，那个小时才算结束：由最慢的输入决定。',
  'The field that holds the list.': '存放列表的字段。',
  'all: the other fields of the record and the element. element: the element only.':
    '全部：记录的其他字段和元素。仅元素：只有元素本身。',
  'Field that gets the element. Default: the list field; with "element only", the element is the record.':
    '接收元素的字段。默认：列表字段；选“仅元素”时，元素本身就是记录。',
  'For lists whose elements have fields themselves, such as order lines. Of two fields with the same name, that of the element stays.':
    '用于元素自身带有字段的列表，例如订单明细。同名字段以元素的为准。',
  'Field that gets the place in the list, from 0.': '接收列表中位置的字段，从 0 开始。',
  'An empty or missing list gives one record whose element is empty (null).':
    '空列表或缺失的列表产生一条记录，其元素为空（null）。',
  'Each element, such as a line of an order, can then be counted by itself. A record whose list is empty or missing ends here, unless it is to be kept. A record whose field is no list is put aside as a dead letter.':
    '这样每个元素（例如订单的一条明细）都可单独计数。列表为空或缺失的记录在此结束，除非选择保留。字段不是列表的记录作为死信搁置。',
  'tumbling: one after the other, such as each hour. hopping: overlapping, such as the last hour, every five minutes. cumulating: growing until full, then anew, such as today so far, every hour. calendar: days, weeks, months of a time zone. session: until a pause. count: every so many records.':
    '滚动：一个接一个，例如每小时。滑动：互相重叠，例如每五分钟看最近一小时。累积：逐步变大直到满，再重新开始，例如每小时看今天至今。日历：按某时区的天、周、月。会话：直到出现停顿。计数：每满若干条记录。',
  'A new result this often.': '每隔这么久给出一个新结果。',
  'Moves the starts of the windows. Without it they are multiples of the size since 1970 in world time (UTC): hours begin on the hour.':
    '平移窗口起点。不设置时，起点是自 1970 年（世界时 UTC）起窗口大小的整数倍：小时窗口从整点开始。',
  'A longer pause ends the session.': '停顿超过此时长，会话结束。',
  'A pause of its own for each record, in ms: the example means 2 hours for a TV and otherwise 30 minutes. The session lasts until the furthest of them is over.':
    '每条记录各自的停顿时长，单位毫秒：示例表示电视为 2 小时，其他为 30 分钟。会话持续到其中最晚的一个结束。',
  'A result for every so many records.': '每满这么多条记录给出一个结果。',
  'Between two texts; default ", ".': '放在两个文本之间；默认“, ”。',
  '0.5: half of the values are below it (the median). 0.95: 95 of 100 are (the 95th percentile).':
    '0.5：一半的值低于它（中位数）。0.95：100 个中有 95 个低于它（第 95 百分位）。',
  'Values in the list: default 10 for topK, 1000 when collecting.': '列表中的值数：topK 默认 10，收集时默认 1000。',
  'How far off an approximate percentile may be; default 0.01: by 1 of 100.':
    '近似百分位允许的误差；默认 0.01：每 100 差 1。',
  'For figures such as the revenue per country and hour, or the visitors per day. A window is a span of time, such as an hour. A result has the fields of its group, the computed fields, and `windowStart` and `windowEnd` in ms.\n\nA window holds the records from its start up to, but not including, its end. It is sent once, when no record of it can come any more; later records leave through "late". Sums are exact (0.1 + 0.2 is 0.3), empty values are skipped.':
    '用于每个国家每小时的销售额、每天的访客数之类的数字。窗口是一段时间，例如一小时。结果包含分组字段、计算出的字段，以及 `windowStart` 和 `windowEnd`（毫秒）。\n\n窗口包含从起点到终点（不含终点）的记录。当不会再有属于它的记录时，窗口发出一次；更晚的记录从“迟到”输出。求和是精确的（0.1 + 0.2 等于 0.3），空值被跳过。',
  'A group without records for this long (by the clock) starts again from nothing. Default: never.':
    '这么久（按时钟）没有记录的分组从零重新开始。默认：从不。',
  'For figures that are always up to date, such as the revenue per country so far. Results replace one another: together they are a table with one row per group. For results per hour or day use "Window totals". Sums are exact (0.1 + 0.2 is 0.3).':
    '用于始终最新的数字，例如各国至今的销售额。结果互相替换：合起来是一张表，每个分组一行。要按小时或按天的结果，用“窗口汇总”。求和是精确的（0.1 + 0.2 等于 0.3）。',
  'Records with the same values in these fields are repeats of one another.': '这些字段的值相同的记录互为重复。',
  'at-once: the first to arrive, as it arrives. updating: the first or last so far, by the time at which it happened; an earlier (or later) one replaces it. final: one result, when no older record can come any more.':
    '立即：最先到达的记录，到达即发出。持续更新：按发生时间至今最早或最晚的记录，有更早（或更晚）的就替换。最终结果：不会再有更早的记录到来时，给出唯一一个结果。',
  'How long repeats are known: for ever (memory grows with the number of different values), for a span of event time (the time in the records), or for a span of the clock.':
    '重复能被识别多久：永远（内存随不同值的数量增长）、一段事件时间（记录中的时间），或一段时钟时间。',
  'How long repeats of a record are known after the first one.': '从第一条记录起，其重复能被识别多久。',
  'Order of records with the same event time: "first" keeps the first in this order, "last" the last. Then arrival decides.':
    '事件时间相同的记录的顺序：“第一个”保留此顺序中的第一条，“最后一个”保留最后一条。仍相同则看到达顺序。',
  'asc: smallest first. desc: greatest first. Missing values come last either way.':
    '升序：最小的在前。降序：最大的在前。缺失值总在最后。',
  'Otherwise records that lack one of the fields are filtered out.': '否则缺少其中任一字段的记录被排除。',
  'Shops\' systems send things twice: the same order after a lost connection, the same payment notice again. Choose the fields by which a repeat is known, such as the number of the notice. Of records with the same values in them one goes on; the others are left out and counted as filtered.\n\n- **At once** lets the first to arrive pass, as it arrives. It costs least, and is what most need.\n- **Updating** makes a table with one row for each different value of these fields, which always holds the first (or last) by the time at which it happened.\n- **Final** gives one result that no longer changes, when no older record can come any more. A last record then has the time at which that became certain (its own, when only the end of the input decided).\n\nWhere time decides, records that come later than the source allows for leave through "late".':
    '商城的系统会重复发送：连接中断后同一订单再来一次，同一付款通知又来一次。选择用来识别重复的字段，例如通知编号。这些字段的值相同的记录，只有一条继续，其余不计入，并计为被排除。\n\n- **立即**放行最先到达的记录，到达即发出。开销最小，多数情况选它即可。\n- **持续更新**产生一张表，这些字段的每组值一行，始终保存按发生时间的第一条（或最后一条）。\n- **最终结果**在不会再有更早的记录到来时，给出唯一且不再变化的结果。取最后一条时，结果的时间是其确定的时刻（只有输入结束才能确定时，为记录自身的时间）。\n\n由时间决定时，晚于来源所允许时限才到的记录从“迟到”输出。',
  'event-time: a record older than the row it would replace is left out. arrival: the last to come wins.':
    '事件时间：比要替换的行更旧的记录不计入。按到达：最后到达的为准。',
  'A rule for records that say that something is gone.': '用于识别表示“已不存在”的记录的规则。',
  'For what changes again and again: the stock of a product, the status of an order. The newest record of each becomes its row, and replaces the one before. What follows sees rows that replace one another, so totals subtract the old row before they add the new one. When a table comes in, it stays one.':
    '用于一再变化的内容：商品的库存、订单的状态。每项最新的记录成为它的行，并替换之前的行。后面的节点看到的是互相替换的行，因此汇总会先减去旧行，再加上新行。输入为表时，仍然是表。',
  'hash: a made-up name of 32 letters and digits. token: a made-up name in the same pattern as the value. redact: a text of yours instead of the value, or nothing. keep-last, keep-first: stars for the rest. domain: of an e-mail address. period: the day, week or month of a time.':
    '哈希：32 位字母和数字的代号。令牌化：与原值格式相同的代号。遮盖：用你给的文本代替该值，或留空。保留末尾、保留开头：其余用星号代替。保留域名：用于电子邮件地址。周期：时间所在的天、周或月。',
  'Empty: the field becomes empty (null).': '留空：字段变为空（null）。',
  'How many stay readable. Default: the last 4, or the first 2.': '保留可读的字符数。默认：末尾 4 个，或开头 2 个。',
  'What is left of the time. Default: day.': '时间保留到哪一级。默认：天。',
  'A secret text that goes into every made-up name. The same salt gives the same names in every workflow; whoever knows it can test guesses.':
    '参与生成每个代号的秘密文本。相同的盐在所有工作流中产生相同的代号；知道盐的人可以验证猜测。',
  'So that analysts, partners or a test system can work with your data and not see whom it is about.\n\nMade-up names ("hash", "token") are the same for the same value and salt (a secret text of yours), so counting and joining still work. They hide who it is, but not for good (pseudonymisation, not anonymisation): with the salt a guess can be tested, so in law the result is still personal data. Keep the salt apart, and use "redact" where the value is not needed.\n\nWhat a method cannot read becomes empty (null), never the plain value; missing fields stay missing. Records that failed before this node keep their plain values in the dead letters (records put aside because they could not be processed).':
    '使分析人员、合作方或测试系统能使用你的数据，却看不到涉及的是谁。\n\n代号（“哈希”“令牌化”）在值和盐（你设定的秘密文本）相同时相同，因此计数和关联仍然有效。身份被隐藏，但并非无法追回（是假名化，不是匿名化）：知道盐就能验证猜测，所以在法律上结果仍是个人数据。盐要单独保管；不需要该值时用“遮盖”。\n\n方法无法读取的值变为空（null），绝不会是明文；缺失的字段仍然缺失。在此节点之前失败的记录，其明文仍保留在死信（因无法处理而搁置的记录）中。',
  'sequence: the first, then the second. absence: the first, and the second does not follow in time.':
    '先后出现：先有第一个，再有第二个。没有出现：有第一个，但第二个没有按时出现。',
  'The second counts up to this long after the first, the last moment included.':
    '第二个在第一个之后这么久之内有效，含最后一刻。',
  'Both must have the same values in these fields; records that lack one are filtered out. Empty: all records belong to one sequence.':
    '两者在这些字段上的值必须相同；缺少任一字段的记录被排除。留空：所有记录视为同一序列。',
  'anything: other records are passed over. nothing: the second must be the very next record.':
    '任意记录：中间的其他记录被略过。不允许其他记录：第二个必须紧接着出现。',
  'pair: `a` and `b` hold the two records. merged: one record with the fields of both, the second wins.':
    '成对：`a` 和 `b` 存放两条记录。合并：一条记录含两者的字段，同名时以第二条为准。',
  'Order of records with the same event time. Then arrival decides.': '事件时间相同的记录的顺序。仍相同则看到达顺序。',
  'For what must follow, or must not be missing: a paid order that is not shipped within two days; a refused payment, then one that works. Events are looked at in the order in which they happened, whatever the order of arrival.\n\nEach event that fits "First" is answered by the next one that fits "Second"; one second can answer several firsts before it. That nothing followed is known when the time is over and no older record can come any more; the result then is the first record. Records that come even later leave through "late".':
    '用于必须跟上或不能缺少的事：付款后两天内没有发货的订单；一次被拒的付款，之后又成功。无论到达顺序如何，事件都按发生的先后顺序处理。\n\n每个符合“第一个”的事件，由其后下一个符合“第二个”的事件回应；一个第二事件可以回应之前的多个第一事件。时限已过且不会再有更早的记录到来时，才能确定没有后续，此时的结果是第一条记录。更晚到的记录从“迟到”输出。',
  'share: a part of all, drawn by lot, but the same records each time it runs. every: every so many records.':
    '按比例：抽签选出一部分，但每次运行选中的记录相同。每隔：每若干条记录取一条。',
  'From 0 to 1; 0.1 is about a tenth.': '从 0 到 1；0.1 约为十分之一。',
  'The first of every so many records.': '每这么多条记录取第一条。',
  'share: records with the same values in these fields are all in or all out; empty: each record for itself, by its time and content. every: counted apart for each. Without fields one task (one processor core) does it all.':
    '按比例：这些字段的值相同的记录要么全取，要么全不取；留空：每条记录按其时间和内容单独决定。每隔：对这些值分别计数。不填字段时由一个任务（一个处理器核心）完成全部工作。',
  'Another text takes another sample of the same size.': '换一个文本，就得到另一份同样大小的样本。',
  'For trying a workflow on a tenth of the records, or for looking at some by hand. A share by customer, say, takes everything of some customers: their visits and totals stay whole. The rest counts as filtered.':
    '用于拿十分之一的记录试跑工作流，或人工抽查。例如按顾客取比例时，被选中顾客的全部记录都会保留：其访问与合计保持完整。其余计为被排除。',
  'Records with the same values in these fields come in order. Empty: all records do, which one task (one processor core) has to do alone.':
    '这些字段的值相同的记录依次发出。留空：所有记录一起排序，只能由一个任务（一个处理器核心）完成。',
  'A record is held until no older one can come, that is, for as long as records may be out of order at the source (a setting of the source). What follows gets everything that much later. Records that come even later leave through "late".':
    '一条记录会一直保留到不可能再有更旧的记录为止，也就是数据来源处允许的乱序时长（来源的设置）。后面的节点也相应晚这么久才收到。更晚到的记录从“迟到”输出。',
  'Records per interval.': '每个间隔的记录数。',
  'Counted apart for different values of these. Empty: all together.': '按这些值分别计数。留空：合并计数。',
  'first: the first ones to arrive, at once. last: the last ones, when the interval is over.':
    '第一个：最先到达的，立即发出。最后一个：最后到达的，在间隔结束时发出。',
  'event-time: when it happened. clock: when it passes here; when the same records are run again, others may be kept.':
    '事件时间：发生的时间。时钟：经过此处的时间；同样的记录再次运行时，留下的可能不同。',
  'So that nobody gets a hundred messages about the same thing. The others leave through "dropped" and count as filtered. With "Keep" set to last, records wait until their interval is over, and then have its end as their time. (By the clock they keep their own time, unless newer records have passed already.)':
    '免得有人为同一件事收到上百条消息。其余记录从“被丢弃”输出，并计为被排除。选择保留最后一个时，记录等到间隔结束才发出，并以间隔结束的时间为其时间。（按时钟时保留其自身时间，除非已有更新的记录通过。）',
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
  'For lists such as the ten dearest orders of each country, or the products that run out first. Of a stream of new records only the rows in the list are remembered. Of a table (totals that change, say) all rows are, so that the next one moves up when a better one drops or is removed. Per window the list is sent once, when it is complete; rows that come later leave through "late".':
    '用于每个国家金额最高的十个订单、最先售罄的商品之类的榜单。对新记录的流，只记住榜单中的行。对表（例如会变化的汇总），记住组内所有行，以便较好的行下降或被删除时，后一名补上。按窗口时，榜单在完整后发出一次；更晚到的行从“迟到”输出。',
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
  'An order and its payment within a day, a click and the purchase within an hour. A record waits only as long as a partner can still come. A record that found none is sent when that is certain, so with orders on the left and "Keep" set to left, you also see which orders were not paid in time. Records with an empty key match nothing.':
    '例如订单与一天之内的付款，点击与一小时之内的购买。记录只在配对仍可能到来时等待。确定没有配对后，该记录才发出，因此左侧为订单并选“保留左侧”时，还能看到哪些订单没有按时付款。键为空的记录不与任何记录配对。',
  'tumbling: one after the other, such as each hour. hopping: overlapping, such as the last hour, every five minutes. cumulating: growing until full, then anew, such as today so far, every hour. calendar: days, weeks, months of a time zone.':
    '滚动：一个接一个，例如每小时。滑动：互相重叠，例如每五分钟看最近一小时。累积：逐步变大直到满，再重新开始，例如每小时看今天至今。日历：按某时区的天、周、月。',
  'inner: pairs only. left, right, full: also the records of that side (or both) without a partner. semi: left records that have a partner, once. anti: left records that have none.':
    '仅配对：只有成对的结果。保留左侧、保留右侧、两侧都保留：还包括该侧（或两侧）没有配对的记录。左侧有配对的：有配对的左侧记录，各一次。左侧无配对的：没有配对的左侧记录。',
  'For what falls into the same hour or day, such as customers who signed up and ordered in one hour. Where a pair may lie on both sides of the full hour, "Join in time" is better.\n\nBoth streams are cut into the same windows, spans of time such as an hour. When a window is complete, its records are joined by key (the fields that must be equal) and sent with `windowStart` and `windowEnd` in ms. Records with an empty key match nothing; records that come after their window was sent leave through "late".':
    '用于落在同一小时或同一天的内容，例如在同一小时内注册并下单的顾客。一对记录可能跨过整点时，用“区间关联”更好。\n\n两条流按相同的窗口（一段时间，例如一小时）切分。窗口完整后，其中的记录按键（必须相等的字段）关联并发出，带有 `windowStart` 和 `windowEnd`（毫秒）。键为空的记录不与任何记录配对；窗口发出之后才到的记录从“迟到”输出。',
  'inner: pairs only. left, right, full: also the records of that side (or both) that have no partner yet; they are replaced when one comes.':
    '仅配对：只有成对的结果。保留左侧、保留右侧、两侧都保留：还包括该侧（或两侧）尚无配对的记录；配对到来时被替换。',
  'The number of the record, such as the order number. Needed when results replace one another: a later left record with the same values replaces the earlier one. A table that comes in brings its own.':
    '记录的编号，例如订单编号。结果会互相替换时需要：值相同的后一条左侧记录替换前一条。输入为表时自带标识。',
  'The same for right records.': '右侧记录同理。',
  'The rows of one side are forgotten when none came for their key for this long (by the clock); what was sent stays. Default: never.':
    '一侧的行在其键这么久（按时钟）没有新行时被遗忘；已发出的结果保留。默认：从不。',
  'For records that belong together however far apart in time, such as an order and all that comes for it later. (For what happens within hours use "Join in time", which forgets by itself; for what stands in a list, "Look up".)\n\nEvery record is kept and meets all later ones with the same key (the fields by which records belong together), so set when a key is forgotten. Of two streams of events the pairs are events too. When records without a partner are kept, or a table comes in, the result is a table, whose rows replace one another: an order without a payment is replaced when the payment comes. Records with an empty key match nothing.':
    '用于无论相隔多久都属于一起的记录，例如订单与之后与它有关的一切。（相隔几小时之内的，用“区间关联”，它会自行遗忘；列在表中的，用“查表关联”。）\n\n每条记录都会保留，并与之后键相同的所有记录相遇（键是表明记录属于一起的字段），因此要设置键的遗忘时间。两条事件流配成的对也是事件。保留没有配对的记录或输入为表时，结果是一张行会互相替换的表：没有付款的订单在付款到来时被替换。键为空的记录不与任何记录配对。',
  'inner: records that have a table row at their time. left: all records.':
    '仅配对：在其时间有对应表行的记录。保留左侧：所有记录。',
  'The price of the day, the exchange rate of the hour, the address at the time of the order. The left input are the records, the right one is a table with one row per key (the fields by which it is looked up).\n\nEvery record of the table is a new version of its row from its time on, also when it arrives after a newer one. Do not put "Latest per key" before it, which drops those. A record waits until the table is known up to its time. A table that gets no records therefore holds the others up, until its source counts as quiet (its setting "Quiet after").':
    '例如当天的价格、当时的汇率、下单时的地址。左侧输入是记录，右侧输入是一张表，每个键（用来查找的字段）一行。\n\n表的每条记录从其时间起成为该行的新版本，乱序到达的也算。不要在前面放“最新状态”，它会丢弃这些记录。记录会等到表的进度到达其时间，因此没有新记录的表会让其他记录等待，直到其来源被视为静默（来源的设置“静默时间”）。',
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
  'The tax rate of a country, the name of a product. The table is written in the settings or read from a file. A record that fits several rows comes out several times (when what comes in is a table itself, let each key have one row only). Records with an empty key are not found.\n\nWhere the settings say "left", they mean the record that comes in; "right" is the row that was found.':
    '例如国家的税率、商品的名称。表写在设置中，或从文件读取。一条记录在表中对应多行时，会输出多次（输入本身是表时，每个键应只有一行）。键为空的记录视为未找到。\n\n设置中的“左”指输入的记录，“右”指找到的行。',
  'For trying things out. The lines appear in the terminal, the text window in which Millrace was started; to look at records in the browser, use "Live table". A removed row of a table is printed as `{"op":"delete","value":…}`, or, when you set a line of your own, with "deleted: " before it.':
    '用于试验。各行显示在终端，即启动 Millrace 的文本窗口中；要在浏览器中查看记录，用“实时表格”。表中被删除的行显示为 `{"op":"delete","value":…}`；自定义行的写法时，则在该行前加“deleted: ”。',
  'The table is on the page "Views" in the browser, and changes there as records come. Programs read it at `/api/views/NAME`. A record replaces the row with the same key fields; a deleted row disappears. The rows stay when the workflow is paused or published anew.':
    '此表在浏览器的“视图”页面中，随记录到来而变化。程序从 `/api/views/NAME` 读取。记录替换键字段相同的行；被删除的行消失。工作流暂停或重新发布后，行仍保留。',
  'How long an interval is.': '一个间隔有多长。',
  'The rule that the first event fits.': '第一个事件所符合的规则。',
  'The rule that the event after it fits.': '其后的事件所符合的规则。',
  'On the left: one stream, such as orders.': '左侧：一条流，例如订单。',
  'On the right: the other one, such as payments.': '右侧：另一条流，例如付款。',
  'Which of the repeats goes on. "At once" always keeps the first.': '重复的记录中哪一条继续。“立即”总是保留第一条。',
  'What they are put into order by.': '排序所依据的字段。',
  'A formula in place of a field.': '用公式代替字段。',
  'The field that holds it in the result.': '结果中存放它的字段。',
  'A formula in place of a field, for what must be made alike before it is compared.':
    '用公式代替字段，用于比较前需先统一写法的内容。',
  'Put before the name of every left field.': '加在左侧每个字段名之前。',
  'The field to hide. `customer.name` is one inside another.': '要隐藏的字段。`customer.name` 是另一字段内的字段。',
  'Put before it, so that nobody takes it for the real value.': '加在其前面，以免被当作真实的值。',
  'The rule for records that leave through it.': '从此输出的记录所符合的规则。',
  'Whose values are taken. Count needs none.': '取哪个字段的值。计数不需要。',
  'Others do not count for this figure.': '其他记录不计入此数字。',
  'The figures of a result, one entry for each.': '结果中的各个数字，每个一项。',
  'A formula: what the field shall hold.': '公式：字段应有的值。',
  'They are taken out of the record.': '从记录中去掉这些字段。',
  'All others are taken out of the record.': '其他字段都从记录中去掉。',
  'Places of the list, for each group.': '榜单的名次数，每组各计。',
  'How long each span of time is.': '每段时间有多长。',
  'How long a window is.': '窗口有多长。',
  'Weeks begin on Monday.': '一周从周一开始。',
  'The name it has now.': '现在的名称。',
  'Its new name.': '新的名称。',
};
