/** Help of the commerce operators and of their settings in Chinese, by the English text. */
export const zhHelpCommerce: { readonly [english: string]: string } = {
  'Fields that tell carts apart. Orders need the same fields.': '区分各购物车的字段。订单也需要有这些字段。',
  'No change of the cart and no order for this long.': '购物车这么久没有变化，也没有订单。',
  'Carts worth less are not reported. In the currency of the cart.': '低于此金额的购物车不报告。以购物车的币种计。',
  'The same customer is not reported a second time before.': '在此之前，同一顾客不会再次被报告。',
  'An order this long after the report counts as won back. Then the cart is forgotten.':
    '报告之后这么久之内的订单计为挽回。之后该购物车被遗忘。',
  'Field with add, remove, set (a new quantity) or clear. Missing: add.':
    '值为 add、remove、set（新数量）或 clear 的字段。缺失：add。',
  'Field with the product.': '表示商品的字段。',
  'Field with the units. Missing: 1; for remove: all.': '表示件数的字段。缺失：1；对 remove：全部。',
  'Field with the price of one unit.': '表示单件价格的字段。',
  'Field with the currency of the price.': '表示价格币种的字段。',
  'Field with the number of the cart, passed on.': '表示购物车编号的字段，会一并传出。',
  'Field of an order with its number, passed on.': '订单中表示订单编号的字段，会一并传出。',
  'Others do not empty the cart. Default: all.': '其他订单不会清空购物车。默认：全部计入。',
  'Follows each cart: what is added, removed, changed. When nothing has happened to a filled cart for an hour and no order came, it leaves through "abandoned" with its products, what it is worth (exact, with its currency), and `since`, the time of the last change: ready for a reminder.\n\nAn order empties the cart. If it comes after the report, it leaves through "won back" with what the abandoned cart was worth, and how long after the report it came (`waited`, ms): so you see what reminders bring in.\n\nCustomers are not bothered: the same one is reported once a day at most ("Again only after"), and small carts can be left out ("Worth at least").\n\nEverything is decided in the order in which it happened, also when records arrive late or the orders come faster than the carts. A cart with prices in several currencies is reported without a value. A cart keeps up to 200 different products, and is forgotten seven days after its report.':
    '跟踪每个购物车：添加、移除、更改了什么。有商品的购物车一小时没有动静也没有订单时，从“已放弃”输出，带有商品、金额（精确，含币种）以及最后一次变化的时间 `since`：可直接用于提醒。\n\n订单会清空购物车。报告之后才下单的，从“已挽回”输出，带有被放弃购物车的金额，以及报告之后过了多久（`waited`，毫秒）：由此可见提醒带来的收益。\n\n不会打扰顾客：同一顾客一天最多报告一次（“再次提醒间隔”），金额小的购物车可以不报告（“最低金额”）。\n\n一切按发生的先后顺序判断，记录迟到或订单比购物车先到时也一样。含多个币种价格的购物车报告时不带金额。每个购物车最多保留 200 种商品，报告七天后被遗忘。',
  'Fields that tell visitors apart; all inputs need them.': '区分各访客的字段；所有输入都需要有。',
  'Nothing from the visitor for longer than this: what comes next is a new visit.':
    '访客超过这么久没有动静，之后的事件算新的访问。',
  'Who bought has gone through the cart, also when that was not recorded (express checkout). Off: only what was seen counts.':
    '已购买的视为经过购物车，即使没有记录（例如快速结账）。关闭：只计实际看到的步骤。',
  'Link views, cart changes, checkouts and purchases to the four inputs; leave out what you do not record. Events of one visitor belong to one visit until nothing comes for half an hour.\n\nWhen a visit is over it leaves as one record: `view`, `cart`, `checkout` and `purchase` are 1 for each step that was reached and 0 otherwise, so that their sums are the funnel: of 1,000 visits 900 looked at a product, 300 filled a cart, 120 went to the checkout, 80 bought. Put a "Window totals" node after it that sums the four per day; for a funnel per country, name the country in "Visitor" too (every input must have it). `furthest` is the last step reached, `converted` whether something was bought, `toPurchase` how long that took (ms), `events` how many records the visit had.\n\nEvents may come in any order. What comes when its visit is already over leaves through "late". Per visitor it keeps a few numbers for each visit that is not over.':
    '将浏览、购物车变动、结账和购买连到四个输入；没有记录的不连。同一访客的事件属于同一次访问，直到半小时没有事件。\n\n访问结束时作为一条记录输出：`view`、`cart`、`checkout` 和 `purchase` 对到达的步骤为 1，否则为 0，因此各自求和就是漏斗：1,000 次访问中 900 次浏览、300 次加购、120 次结账、80 次购买。在后面放“窗口汇总”节点，按天对这四个字段求和；要按国家看漏斗，把国家也填入“访客”（每个输入都要有它）。`furthest` 是到达的最后一步，`converted` 表示是否购买，`toPurchase` 是到购买用了多久（毫秒），`events` 是访问的记录数。\n\n事件可按任意顺序到达。访问已结束才到的从“迟到”输出。对每位访客，每个未结束的访问只保留几个数字。',
  'Records without one are left out.': '没有此字段的记录不计入。',
  'Lines of one order are one purchase.': '同一订单的各条明细算一次购买。',
  'What the order (or the line) is worth. Negative: a refund.': '订单（或明细）的金额。负数：退款。',
  'Customers are compared within one currency. Empty: all amounts are in the same one.':
    '顾客只在同一币种内比较。留空：所有金额为同一币种。',
  'By the time of the records, from midnight in world time (UTC).': '按记录的时间，从世界时（UTC）零点算起。',
  'What is left of an amount after costs. 100: lifetime value is revenue.':
    '金额扣除成本后剩下的比例。100：顾客终身价值即为收入。',
  'Of 100 customers of a year, how many buy again in the next. Count it from the last two years; until then, leave it.':
    '一年中的每 100 位顾客，有多少位次年再次购买。可从最近两年数出；在此之前保持默认即可。',
  'Money that comes a year later counts less by this much. 10 is usual.': '晚一年到手的钱按此比例打折。通常取 10。',
  'Those who did not buy for longest are forgotten first. 100,000 take about 60 MB.':
    '最久没有购买的顾客先被遗忘。100,000 位约占 60 MB。',
  'Markets, stores or brands that have nothing to do with each other: each has its own customers, and they run in parallel. Empty: one for all, in one task (on one processor core).':
    '互不相关的市场、店铺或品牌：各有各的顾客，并行计算。留空：全部合在一起，由一个任务（一个处理器核心）完成。',
  'Once a day every customer gets three marks from 1 to 5 by comparison with all others: **recency** (how lately they bought), **frequency** (how often), **monetary** (for how much). 5 is the best fifth of customers, 1 the last. (Of very few customers, as in the example, not every mark is given.) Together they name a segment:\n\n| segment | who |\n|---|---|\n| `champion` | bought lately, often, and much |\n| `loyal` | bought not long ago, and more than most |\n| `new` | first order, lately |\n| `promising` | bought not long ago, little so far |\n| `at-risk` | used to buy more than most, silent for a while |\n| `cannot-lose` | among the best, and silent for longest |\n| `sleeping` | bought little, silent for a while |\n| `lost` | bought little, silent for longest |\n\n`spent` is exact, refunds taken off; `averageOrder` is per order. `lifetimeValue` is an estimate of what the customer will still bring in, made of what they spend in a year and of the settings "Margin", "Customers who stay" and "Interest": with 60 % who stay and 10 % interest, 1.2 times the margin of a year. (The formula: yearly spending × margin × r ÷ (1 + i − r), with r the share of customers who stay and i the interest.) Whoever has been a customer for less than a quarter of a year counts as one for a quarter, so that a first order does not look like one every day.\n\nA row replaces the earlier one of the same customer and is sent only when something changed; `before` is the segment before. So a Filter node with `segment == \'at-risk\' && before == \'champion\'` picks the customers for a win-back mail.\n\nAll customers of a market (and currency) meet in one task (on one processor core), because they are compared with each other. "Customers at most" keeps the memory within bounds.':
    "每天一次，通过与所有其他顾客比较，给每位顾客三个 1 到 5 的分数：**最近度**（最近何时购买）、**频率**（多常购买）、**金额**（花了多少）。5 是最好的五分之一，1 是最末的五分之一。（顾客很少时，如示例，并非每个分数都会出现。）三者合起来得出分群：\n\n| 分群 | 哪些顾客 |\n|---|---|\n| `champion` | 最近购买过，购买频繁，金额高 |\n| `loyal` | 不久前购买过，比多数人买得多 |\n| `new` | 最近首次下单 |\n| `promising` | 不久前购买过，目前买得少 |\n| `at-risk` | 曾比多数人买得多，已有一阵没有动静 |\n| `cannot-lose` | 属于最好的顾客，沉默最久 |\n| `sleeping` | 买得少，已有一阵没有动静 |\n| `lost` | 买得少，沉默最久 |\n\n`spent` 是精确值，已扣除退款；`averageOrder` 按订单计。`lifetimeValue` 是顾客今后还会带来的价值的估计，由其年消费和“毛利率”“顾客留存率”“利率”三项设置得出：留存 60 %、利率 10 % 时为年毛利的 1.2 倍。（公式：年消费 × 毛利率 × r ÷ (1 + i − r)，其中 r 为顾客留存率，i 为利率。）成为顾客不足一个季度的按一个季度计，以免首单被看成每天一单。\n\n每行替换同一顾客之前的行，只在有变化时发出；`before` 是之前的分群。因此筛选 `segment == 'at-risk' && before == 'champion'` 就能选出要发挽回邮件的顾客。\n\n同一市场（及币种）的所有顾客集中在一个任务（一个处理器核心）中，因为要互相比较。内存由“顾客上限”限定。",
  'What is forecast by itself: the product, or product and warehouse. Sales and stock need the same fields.':
    '单独预测的对象：商品，或商品加仓库。销售和库存需要有相同的字段。',
  'Field of a sale with the number of units. Negative ones (returns) do not count.':
    '销售记录中表示件数的字段。负数（退货）不计。',
  'Sales are added up per hour, day or week (from Monday).': '销量按小时、天或周（从周一起）相加。',
  'Periods after which the pattern comes again: 7 days for weekdays and weekends, 24 hours for the time of day. Default: 7 for days, 24 for hours, 52 for weeks. 1: no pattern.':
    '规律重复的期数：按天为 7（区分工作日与周末），按小时为 24（区分一天中的时段）。默认：按天 7，按小时 24，按周 52。1：没有规律。',
  'Periods that are forecast.': '要预测的期数。',
  'additive: Mondays sell 20 more. multiplicative: Mondays sell 30 % more, so more when sales grow. best: per product, whichever was closer on its own past; take it when you are not sure.':
    '加法：周一多卖 20 件。乘法：周一多卖 30 %，销量增长时随之增加。自动选择：对每件商品取在其历史上更准的一种；拿不准时选它。',
  'Of 100 periods this many shall end between low and high.': '每 100 期中应有这么多期落在 low 与 high 之间。',
  'Zone in which days begin, such as Europe/Berlin. Default: that of the workflow.':
    '一天从何处开始所用的时区，例如 Europe/Berlin。默认：工作流的时区。',
  'Field of a stock record with the level.': '库存记录中表示库存量的字段。',
  'From ordering new stock to having it.': '从订货到到货的时长。',
  'Field of a stock record with the lead time of the product in days; it is used instead of "Lead time".':
    '库存记录中表示该商品补货天数的字段；有值时代替“补货时间”。',
  'Periods that are remembered.': '记住的期数。',
  'A product without sales for this long is no longer forecast.': '这么久没有销售的商品不再预测。',
  'Sales are added up per day (hour, week). When a day is over, the forecast of each product for the next days is sent; it replaces the one before. `days` has the forecast day by day, `total` their sum; `asOf` is the moment up to which sales are known (ms).\n\n**How.** It follows three things: the level of sales, a trend that fades out, and a pattern that comes again after a *season*: for days a week, because Saturdays sell otherwise than Mondays. (The method is called Holt–Winters.) Newer days count more; how much more is tried out for each product on its own past. One unusually big order moves the forecast only a little. A product is forecast once two seasons of it are known (for days, two weeks), and six periods at least.\n\n**How sure.** `low` and `high`: of 100 days, 80 shall end between them. The band comes from how far off the forecasts of this very product were.\n\n**How good.** Once a season a forecast is put aside and compared, when its days are over, with what was sold, and with the simplest guess: "the same as a season ago" (for days, a week ago). `error` says how far off the forecast was, `naiveError` how far off that guess was for the same days; 1 is as far as the guess usually is. As long as `error` is the smaller of the two, the forecast is worth something. `insideBand` is the share of days that ended between low and high (1 is all), `judged` the number of forecasts compared. The first three are empty until one has been.\n\n**Stock.** With stock levels on the second input: `runsOut` is when the stock is used up if sales go as forecast (empty: not within the days looked at), `orderBy` the last moment to order so that new stock is there in time, `short` whether that moment has passed. When a product becomes short, or no longer is, a record leaves through "shortage".\n\nDays without a sale count as 0, also closed days. Sales of a day already closed leave through "late". Per product it keeps its last 400 periods and a few numbers.':
    '销量按天（小时、周）相加。一天结束时，发出每件商品未来几天的预测，替换之前的预测。`days` 是逐天的预测，`total` 是其总和；`asOf` 是销量已知的截止时刻（毫秒）。\n\n**方法。** 跟踪三样东西：销量水平、逐渐减弱的趋势，以及每隔一个*季节周期*重复的规律：按天时为一周，因为周六与周一卖得不同。（该方法称为 Holt–Winters。）较新的日子权重更大；大多少，由每件商品在其历史上试算后选定。一个异常大的订单只会让预测略微变动。商品有了两个季节周期（按天为两周）且至少六期的销售后，开始预测。\n\n**把握。** `low` 与 `high`：100 天中应有 80 天落在其间。区间来自这件商品自身预测的误差。\n\n**准确度。** 每个季节周期留存一次预测，待其各天过去后，与实际销量以及最简单的猜测“与一个季节周期前相同”（按天为一周前）比较。`error` 表示预测偏离多少，`naiveError` 表示该猜测在同样这些天偏离多少；1 相当于该猜测的平常偏离。只要 `error` 是两者中较小的，预测就有价值。`insideBand` 是落在 low 与 high 之间的天数比例（1 为全部），`judged` 是已比较的预测数。首次比较之前，前三项为空。\n\n**库存。** 第二个输入接库存量时：`runsOut` 是销量按预测发展时库存用完的时间（空：所看的天数内不会用完），`orderBy` 是能按时到货的最晚订货时间，`short` 表示该时间是否已过。商品变为短缺或不再短缺时，从“缺货”输出一条记录。\n\n没有销售的日子计为 0，休业日也一样。已结束日子的销售从“迟到”输出。每件商品保留最近 400 期和几个数字。',
  'Each that applies adds its points to the score.': '每个符合的检查项为评分加上其分数。',
  'The card, device or address that is counted.': '要计数的卡、设备或地址。',
  'Records that count. Default: all.': '计入的记录。默认：全部。',
  'Counts the different values of this field instead of records: cards per device.':
    '改为计此字段的不同值数，而不是记录数：例如每台设备用过的卡数。',
  'Added to the score when it applies; the score ends at 100.': '符合时加到评分上的分数；评分最高 100。',
  'What the check is called in reasons. Default: made from its settings.':
    '此检查项在原因中的名称。默认：由其设置生成。',
  'A number above zero: a total, a quantity, a price.': '大于零的数：总额、数量、价格。',
  'Compared within these: per customer with what the customer usually spends, per product with its usual price. Empty: with all. Amounts of money need the currency here.':
    '在这些字段的相同值内比较：按顾客则与其平常消费比较，按商品则与其平常价格比较。留空：与全部比较。金额需在此填入币种字段。',
  'How many times more (or less) than usual is suspicious.': '达到平常的多少倍（或多少分之一）算可疑。',
  'Amounts seen before it says anything.': '看过这么多个金额后才开始判断。',
  'Where it changes suspiciously: the country, the city, the address.': '其变化可疑的字段：国家、城市、地址。',
  'Whose it is: the customer, the card.': '归属于谁：顾客、卡。',
  'Another value this soon after the last one is suspicious.': '上一个值之后这么短时间内出现另一个值，算可疑。',
  'Suspicious when true.': '为真时可疑。',
  'Records with this score or more are to be looked at.': '达到此评分的记录需要审核。',
  'Records with this score or more are to be stopped.': '达到此评分的记录应拦截。',
  'Usual amounts of a customer or product that was not seen for this long are forgotten.':
    '这么久没有出现的顾客或商品，其平常金额被遗忘。',
  'Cards, devices, customers and so on, over all checks. Those not seen for longest are forgotten first. 100,000 take about 50 MB.':
    '所有检查项中的卡、设备、顾客等合计。最久没有出现的先被遗忘。100,000 个约占 50 MB。',
  'Markets, stores or brands that have nothing to do with each other: each has its own memory, and they run in parallel. Empty: one for all, in one task (on one processor core).':
    '互不相关的市场、店铺或品牌：各有各的记忆，并行计算。留空：全部合在一起，由一个任务（一个处理器核心）完成。',
  'Every record leaves through "scored" with `fraudScore`, `fraudDecision` (accept, review or block) and `fraudReasons`: each check that applied, its points, and a sentence with the numbers. What is to be reviewed or blocked also leaves through "alerts".\n\nChecks:\n\n- **Too many in a short time**: five declined payments with one card in ten minutes; four different cards on one device ("Different"). The record itself counts.\n- **Unusual amount**: many times more, or less, than what is usual for all, for the customer, for the product. Usual is a mean of the amounts seen, of a kind that one huge amount among many does not spoil (the geometric mean). Newer ones count more; a suspicious one hardly changes it.\n- **Sudden change**: another country than an hour ago, for the same customer or card.\n- **On a list**: a field has one of the listed values.\n- **A rule of your own**: an expression, such as `cardCountry != country`.\n\nPoints add up: two weak signs together can be enough for a review. Start with few checks, look at the alerts of a week, then move the points.\n\nAll records meet in one task (on one processor core), because cards, devices and addresses are each counted over all of them; name your markets in "Apart for each" to spread the work. The memory stays within bounds: counts are forgotten after their time, habits after 90 days, and the oldest go when there are more than "Remember at most".':
    '每条记录从“已评分”输出，带有 `fraudScore`、`fraudDecision`（accept、review 或 block）和 `fraudReasons`：每个符合的检查项、其分数，以及一句带数字的说明。需审核或拦截的记录还会从“提醒”输出。\n\n检查项：\n\n- **短时间内过多**：一张卡十分钟内五次付款被拒；一台设备上四张不同的卡（“不同的”）。当前记录也计入。\n- **异常金额**：比全部、该顾客或该商品的平常水平高出或低于许多倍。平常水平是看过的金额的一种平均，众多金额中的一个巨额不会影响它（几何平均）。较新的权重更大；可疑金额几乎不会改变它。\n- **突然变化**：同一顾客或卡，国家与一小时前不同。\n- **在名单上**：字段的值在所列值之中。\n- **自定义规则**：一个表达式，例如 `cardCountry != country`。\n\n分数相加：两个弱信号合起来就可能需要审核。先用少量检查项，看一周的提醒，再调整分数。\n\n所有记录集中在一个任务（一个处理器核心）中，因为卡、设备和地址都要对全部记录计数；在“分别计算”中填入市场可分散负载。内存有上限：计数到时遗忘，习惯 90 天后遗忘，超出“最多记住”时最旧的先移除。',
  'threshold: the value is above or below a limit. change: it moved by more than so many percent since the value before. absence: nothing came for some time. z-score: it is far from the latest values. ewma: it has shifted a little, but lastingly. seasonal: it is far from what is usual at this hour.':
    '阈值：值高于或低于界限。变化：与前一个值相比变动超过若干百分比。没有出现：一段时间内什么都没来。标准分：远离最近的值。指数加权平均：偏移不大但持续。季节基线：远离这个时段的平常水平。',
  'The number that is watched. Not needed for absence.': '要监测的数值。选“没有出现”时不需要。',
  'What the value is called in messages. Default: as the value is written.': '消息中对此值的称呼。默认：按值的写法。',
  'Watched by itself: per product, per shop. Empty: all together.': '分别监测：按商品、按店铺。留空：合在一起。',
  'Alarm when the value is greater.': '值更大时告警。',
  'Alarm when the value is smaller.': '值更小时告警。',
  'Then the alarm is critical.': '此时告警为严重。',
  'Back to normal only when the value is inside the limit by this much. With the limit "below 5" and a margin of 3, the alarm stays on at 7 and is over at 8.':
    '值回到界限之内这么多才算恢复正常。界限为“低于 5”、余量为 3 时，值为 7 时告警仍在，为 8 时结束。',
  'Alarm when no record came for this long.': '这么久没有记录时告警。',
  'In usual deviations (standard deviations) from what is usual. Of normal values one in 370 is further away than 3, and one in 16,000 further than 4. A smaller number alarms sooner, and more often for nothing.':
    '与平常水平的距离，以平常偏差（标准差）计。正常值中约每 370 个有一个超过 3，约每 16,000 个有一个超过 4。数越小，告警越早，误报也越多。',
  'high: alarm only when it is more. low: only when it is less.': '偏高：只在更多时告警。偏低：只在更少时告警。',
  'About this many latest values (of the same hour, for seasonal).':
    '大约采用这么多个最近的值（季节基线则为同一时段的值）。',
  'Values before it says anything (of the same hour, for seasonal). Default: 20; for seasonal 3.':
    '看过这么多个值后才开始判断（季节基线则为同一时段的值）。默认：20；季节基线为 3。',
  'The usual deviation is never taken to be less than this share of the usual value, so that a number that hardly ever moves does not alarm at every small step.':
    '平常偏差至少按平常值的这一比例计，使几乎不动的数不会因每次小变动而告警。',
  'In the moving average. Small: sees smaller shifts, later.': '在移动平均中的权重。小：能发现更小的偏移，但更晚。',
  'day: each hour of the day has its own usual value. week: each hour of the week.':
    '天：一天中每个小时有各自的平常值。周：一周中每个小时有各自的平常值。',
  'Zone of the hours, such as Europe/Berlin. Default: that of the workflow.':
    '小时所用的时区，例如 Europe/Berlin。默认：工作流的时区。',
  'Back to normal when the deviation is below this share of the limit.': '偏差低于界限的这一比例时恢复正常。',
  'The alarm is critical beyond this many times the limit.': '超过界限的这么多倍时，告警为严重。',
  'Values in a row that must be out of line before it alarms.': '连续这么多个值异常才告警。',
  'Fields of the record that alarms and values carry too: the order, the customer.':
    '告警和值也要带上的记录字段：订单、顾客。',
  'After an alarm no other one for this long, for the same thing. 0: none is held back.':
    '一次告警后，同一对象在此时长内不再告警。0：不抑制。',
  'Watch orders per minute, the share of declined payments, stock, prices, or that anything comes at all. An alarm is sent once when something goes wrong, again when it becomes critical, and a recovery when it is over: `type` is "alarm" or "recovery", `severity` "warning" or "critical", `message` says it in words, `since` when it began, `lasted` how long it was (ms).\n\nWhich check?\n\n- You know the limit: **threshold**. "Safety margin" keeps a value that wavers around the limit from alarming again and again.\n- You know how fast it may move: **change**.\n- It must not stop: **absence**. Only what came at least once can be missed. When the input itself ends, nothing is missed.\n- You know only what is usual: **z-score** compares with the latest values. What is usual is learnt as it goes; an odd value hardly changes it, a lasting shift becomes usual after a while.\n- Small shifts that stay: **ewma**, a moving average: the mean of all values, in which the newest count most.\n- Busy evenings and quiet nights: **seasonal**, with a usual value for each hour.\n\nA *usual deviation* is the standard deviation: two thirds of normal values are closer to the mean than that.\n\n"In a row" waits for several values before it alarms; "Quiet for" holds further alarms back. Every value also leaves through "values", for charts: with what was `expected`, the limits `low` and `high`, the `state`, and `strain`, how far out it is (1 is at the limit, 2 twice as far; for a threshold 0 inside and 2 outside). Values are taken in the order of arrival; put a "Sort by time" node before it when they come out of order. Per watched thing it keeps a few numbers (seasonal: one set per hour).':
    '监测每分钟订单数、拒付比例、库存、价格，或是否还有数据到来。出现问题时发出一次告警，变为严重时再发一次，结束时发出恢复：`type` 为 "alarm" 或 "recovery"，`severity` 为 "warning" 或 "critical"，`message` 用文字说明，`since` 是开始时间，`lasted` 是持续时长（毫秒）。\n\n选哪种检查？\n\n- 知道界限：**阈值**。“安全余量”使在界限附近波动的值不会反复告警。\n- 知道变动可以多快：**变化**。\n- 不能中断：**没有出现**。只有至少来过一次的才会被发现缺失。输入本身结束时，不算缺失。\n- 只知道平常水平：**标准分**与最近的值比较。平常水平边运行边学习；个别异常值几乎不影响它，持续的偏移过一段时间会成为新的平常。\n- 持续的小偏移：**指数加权平均**，一种移动平均：至今所有值的平均，越新的权重越大。\n- 晚上忙、夜里闲：**季节基线**，每个小时有各自的平常值。\n\n*平常偏差*即标准差：三分之二的正常值与平均值的距离小于它。\n\n“连续次数”等若干个值后才告警；“静默时长”抑制后续告警。每个值还会从“值”输出，可用于图表：带有预期 `expected`、界限 `low` 和 `high`、状态 `state`，以及偏离程度 `strain`（1 为恰在界限，2 为两倍；阈值检查时，界限内为 0，界限外为 2）。值按到达顺序处理；乱序时在前面放一个“按时间排序”节点。每个监测对象只保留几个数字（季节基线：每小时一组）。',
  'Holds the new state, or a word of yours for it.': '存放新状态，或你对该状态的用词。',
  'What the states are called in your records: your word first, then the state, such as {"placed": "created", "captured": "paid"}. A record with any other word leaves through "problems". Empty: the names of the states themselves.':
    '你的记录中各状态的叫法：先写你的词，再写状态，例如 {"placed": "created", "captured": "paid"}。用其他词的记录从“问题”输出。留空：使用状态本身的名称。',
  'An order that stays in a state too long is reported, once.': '订单在某状态停留过久时，报告一次。',
  'Time without news after which an order is no longer known. Its row in the table stays.':
    '这么久没有消息的订单不再被记住。它在表中的行保留。',
  'The way of an order: **created → paid → packed → shipped → delivered**. It may be **cancelled** before it is shipped, **returned** after, and **refunded** once it was paid, cancelled, delivered or returned.\n\n- **Changes**: every move, `from` one state `to` the next, with `afterMs`, the time in between. An order that jumps ahead moves too, since a parcel that was shipped was shipped; `skipped` names the states left out (**packed** is never named, because many shops do not report it).\n- **Orders**: a table with one row per order: its state, since when, and when it was in each state (ms).\n- **Overdue**: an order stays in a state longer than you allow, such as unpaid for 30 minutes. Told once, at the moment when it becomes too long.\n- **Problems**: `out-of-order` (news of a step that the order is already past, such as a payment after the parcel left), `repeat` (the same step again), `illegal` (a move that cannot be, such as shipping a cancelled order), `unknown-state` (a word that is no state and none of your words). The state stays as it is; a step that was skipped and is told later gets its time in the table.\n\nRecords are put into the order of their time first, as far as the source allows for late ones. Those that come even later are judged when they come.':
    '订单的历程：**已创建 → 已付款 → 已打包 → 已发货 → 已送达**。发货前可变为**已取消**，发货后可变为**已退货**；付款、取消、送达或退货之后可变为**已退款**。\n\n- **变动**：每次变动，从状态 `from` 到下一状态 `to`，`afterMs` 为间隔时间。跳步的订单也会变动，因为包裹发了就是发了；`skipped` 列出被略过的状态（**已打包**从不列出，因为许多店铺不报告它）。\n- **订单**：一张表，每个订单一行：当前状态、自何时起，以及进入各状态的时间（毫秒）。\n- **超时**：订单在某状态停留超过允许的时长，例如 30 分钟未付款。到时即报告，只报一次。\n- **问题**：`out-of-order`（订单已过的步骤又来消息，例如包裹发出后才付款）、`repeat`（同一步骤再次出现）、`illegal`（不可能的变动，例如给已取消的订单发货）、`unknown-state`（既不是状态，也不是你的用词）。状态保持不变；被略过的步骤后来补报时，其时间写入表中。\n\n记录先按时间排序，以数据来源允许的迟到时长为限。更晚到的在到达时判断。',
  'Time from the order to its payment, the last moment included. After that the order is reported.':
    '从下单到付款的时长，含最后一刻。之后该订单被报告。',
  'Payment and order count as equal up to this, in units of the currency. 0: to the last cent.':
    '付款与订单相差不超过此值视为相等，以币种的单位计。0：精确到分。',
  'Amount of an order record.': '订单记录的金额。',
  'An order comes as several records, such as its lines, whose amounts add up. Otherwise a second one is reported.':
    '一个订单分多条记录到达（例如各条明细），金额相加。否则第二条会被报告。',
  'Amount of a payment record. Below 0: paid back.': '付款记录的金额。低于 0：退款。',
  'Such as only those that were not declined. Empty: always.': '例如只计未被拒付的付款。留空：全部计入。',
  'A payment may come before its order. After this long without one it is reported.':
    '付款可以早于订单到达。这么久仍没有订单时报告。',
  'How long after its last news an order is known, for payments that come too late.':
    '订单在最后一次消息后还被记住多久，用于识别过晚的付款。',
  'Two streams come in, orders and payments; each order leaves with what became of it.\n\n| Leaves through | `status` | When |\n|---|---|---|\n| Paid | `paid` | at once, when the payments reach the amount; the field `late` says whether that was after the deadline |\n| Open | `unpaid`, `partly-paid` | at the deadline |\n| Wrong | `overpaid` | at once, whenever more was paid than ordered |\n| Wrong | `other-currency` | a payment in another currency than its order; it is not counted |\n| Wrong | `refund-exceeds-paid` | more was paid back than was ever paid |\n| Wrong | `order-twice` | a second order under the same number; the first stands |\n| Without order | `no-order` | a payment whose order did not come |\n\nEach row says what was `due`, what was `paid`, the `difference` between them (above 0: too much), what was `refunded`, the number of `payments` and when it was `orderedAt` (ms). In a row `other-currency`, `paid` and `currency` are those of that one payment. Amounts are added exactly, to the last cent. Several payments of one order add up; a payment may come before its order.':
    '两条流输入：订单和付款；每个订单连同其结果输出。\n\n| 输出 | `status` | 何时 |\n|---|---|---|\n| 已付 | `paid` | 付款达到金额时立即发出；字段 `late` 表示是否超过期限 |\n| 未结 | `unpaid`、`partly-paid` | 到期时 |\n| 有误 | `overpaid` | 付款超过订单金额时立即发出 |\n| 有误 | `other-currency` | 付款币种与订单不同；不计入 |\n| 有误 | `refund-exceeds-paid` | 退款超过曾付的金额 |\n| 有误 | `order-twice` | 同一编号的第二个订单；以第一个为准 |\n| 无订单 | `no-order` | 没有对应订单的付款 |\n\n每行写明应付 `due`、已付 `paid`、两者之差 `difference`（大于 0：多付）、退款 `refunded`、付款次数 `payments` 以及下单时间 `orderedAt`（毫秒）。在 `other-currency` 的行中，`paid` 和 `currency` 是该笔付款的。金额精确相加，到分为止。一个订单的多次付款相加；付款可以早于订单到达。',
  'The ones you sell in (three letters, such as EUR). Empty: any.':
    '你销售所用的币种（三个字母，例如 EUR）。留空：任意。',
  'Amounts of the order on top of its lines.': '订单在明细之外的金额。',
  'Amounts above 0 that lower it.': '使总额减少的金额，填大于 0 的数。',
  'In units of the currency. 0: to the last cent.': '以币种的单位计。0：精确到分。',
  'How long (by the clock) the number of a valid order is remembered.': '有效订单的编号被记住多久（按时钟）。',
  'An order that gives no total is not checked for it.': '没有给出总额的订单不检查总额。',
  'On a line; the number of the product (SKU).': '位于明细中；商品编号（SKU）。',
  'On a line; a whole number above 0.': '位于明细中；大于 0 的整数。',
  'On a line; of one unit, 0 or above.': '位于明细中；单件价格，0 或以上。',
  'An order leaves unchanged through "Valid", or through "Invalid" with a list `problems`. Each problem has a `code`, the `field` it is about (`lines.0.quantity` is the quantity of the first line), and a `message` in plain words. All problems are listed, not only the first.\n\n| Code | What is wrong |\n|---|---|\n| `no-order-id`, `no-customer`, `no-lines`, `no-product` | something is missing |\n| `bad-quantity` | not a whole number above 0 |\n| `bad-price`, `bad-amount` | not a number, or below 0 |\n| `too-many-decimals` | parts of a cent: 9.999 euro, or 9.5 yen |\n| `bad-currency` | not three capital letters, or not one of yours |\n| `mixed-currencies` | a line is in another currency than its order |\n| `total-mismatch` | the total is not the sum of its parts; says both |\n| `duplicate` | the same order came before |\n| `order-id-reused` | another order had this number before, for example from another sales channel |\n\nSums are exact: 0.1 + 0.2 is 0.3. Only valid orders are remembered, so a corrected one may be sent again under its number.':
    '订单原样从“有效”输出，或带着 `problems` 列表从“无效”输出。每个问题有 `code`、所涉及的 `field`（`lines.0.quantity` 是第一条明细的数量），以及文字说明 `message`。所有问题都会列出，不只第一个。\n\n| 代码 | 问题 |\n|---|---|\n| `no-order-id`、`no-customer`、`no-lines`、`no-product` | 缺少内容 |\n| `bad-quantity` | 不是大于 0 的整数 |\n| `bad-price`、`bad-amount` | 不是数字，或低于 0 |\n| `too-many-decimals` | 小于最小货币单位：9.999 欧元，或 9.5 日元 |\n| `bad-currency` | 不是三个大写字母，或不在你的币种之内 |\n| `mixed-currencies` | 明细的币种与订单不同 |\n| `total-mismatch` | 总额不等于各部分之和；两者都会给出 |\n| `duplicate` | 同一订单之前来过 |\n| `order-id-reused` | 此编号之前属于另一个订单，例如来自另一销售渠道 |\n\n求和是精确的：0.1 + 0.2 等于 0.3。只记住有效订单，因此更正后的订单可用原编号重新发送。',
  'Products per list.': '每个列表的商品数。',
  'A purchase of this long ago counts half, one of twice as long ago a quarter: tastes and seasons change. 0: nothing fades.':
    '这么久以前的购买按一半计，两倍久的按四分之一计：口味和季节会变。0：不衰减。',
  '0: what was bought together most often, so bestsellers are in every list. 1: what is bought with this product far more often than without it, so rare finds. 0.5 is between the two.':
    '0：最常一起购买的商品，因此畅销品出现在每个列表中。1：与此商品一起购买远多于单独购买的商品，因此多为冷门发现。0.5 居中。',
  'Pairs in fewer baskets and visits are left out: they may be chance.':
    '购物篮和访问数少于此值的组合不计：可能只是巧合。',
  'A pair seen together this often gets half of its score, one seen often nearly all. 0: no caution.':
    '一起出现这么多次的组合得到一半分数，经常出现的得到几乎全部。0：不谨慎。',
  'How much looking at two products in one visit counts, compared with buying both.':
    '在一次访问中浏览两件商品，相对于两件都购买所占的权重。',
  'Field with the order: lines of one order were bought together.': '表示订单的字段：同一订单的明细是一起购买的。',
  'Field with the customer. Missing is fine: it then counts for products alone.':
    '表示顾客的字段。可以缺失：此时只计入商品的搭配。',
  'Field with the list of order lines, each with its product. Records without it are one line themselves.':
    '存放订单明细列表的字段，每条明细带有商品。没有此字段的记录本身就是一条明细。',
  'Field with the visit: products of one visit were looked at together.':
    '表示访问的字段：同一访问中的商品是一起浏览的。',
  'Lists that changed are sent after this long, by the time of the records.':
    '有变化的列表在这么久之后发出，按记录的时间。',
  'Lines of an order (views of a visit) that come later than this after the last one start a new basket.':
    '订单的明细（访问的浏览）在上一条之后超过这么久才到，就开始新的购物篮。',
  'A product is paired with this many latest ones of its basket. So a program that looks at everything (a bot) does not fill the memory.':
    '商品与其购物篮中最近的这么多件商品配对。因此浏览所有商品的爬虫不会占满内存。',
  'Partners remembered for each product; the weakest are forgotten first.': '每件商品记住的搭配数；最弱的先被遗忘。',
  'The least popular are forgotten first. 10,000 products with 200 partners each take about 200 MB.':
    '最不热门的先被遗忘。10,000 件商品、各 200 个搭配约占 200 MB。',
  'Those not seen for longest are forgotten first.': '最久没有出现的先被遗忘。',
  'The latest products of a customer that recommendations are made from.': '用于产生推荐的顾客最近商品数。',
  'Markets, stores or brands that have nothing to do with each other: each has its own lists, and they run in parallel. Empty: one for all, in one task (on one processor core).':
    '互不相关的市场、店铺或品牌：各有各的列表，并行计算。留空：全部合在一起，由一个任务（一个处理器核心）完成。',
  'Products that are bought in one order, or looked at in one visit, go together. From every record the operator learns at once; nothing is trained overnight.\n\n**Per product** ("bought together with"): the products that are in the same baskets more often than their popularity explains. `together` is the number of baskets and visits with both, `score` goes from 0 to 1.\n\n**Per customer** ("you may also like"): what goes with the products the customer looked at or bought last, added up; recent ones count more. Nothing the customer has bought is recommended. `because` names the product that speaks for it most. Customers without purchases and views have no list yet: show them the best sellers.\n\nOld purchases fade ("Half as important after"). The score of a pair compares how often both were bought with how often each was bought at all, so that what everybody buys is not in every list; "Against bestsellers" makes that stronger or weaker. (The formula: *together ÷ √(first · second)*, how often both, the first and the second were bought, all faded.) Pairs seen rarely are held back ("Caution").\n\nA list is sent when something about it happened, at most once per "Send at most every". It replaces the earlier list of the same product or customer.\n\n"Products at most", "Customers at most", "Partners per product" and "Products per customer" keep the memory within bounds. Send only purchases that count: filter cancelled orders out before.':
    '在一个订单中一起购买，或在一次访问中一起浏览的商品互为搭配。算子从每条记录立即学习，无需整夜训练。\n\n**按商品**（“一起购买”）：同在一个购物篮中的次数超出其热门程度所能解释的商品。`together` 是同时含两者的购物篮和访问数，`score` 从 0 到 1。\n\n**按顾客**（“你可能还喜欢”）：将顾客最近浏览或购买的商品的搭配相加；越近的权重越大。顾客已购买的不再推荐。`because` 给出最主要的依据商品。没有购买和浏览的顾客还没有列表：可向其展示畅销品。\n\n旧的购买逐渐衰减（“重要性减半于”）。一对商品的得分把两者一起购买的次数与各自的购买次数相比，让人人都买的商品不会出现在每个列表里；“抑制畅销品”可加强或减弱这一作用。（公式：*together ÷ √(first · second)*，即两者一起、第一件和第二件的购买次数，都已衰减。）少见的组合被压低（“谨慎程度”）。\n\n列表在有相关变化时发出，频率不超过“最短发送间隔”。它替换同一商品或顾客之前的列表。\n\n“商品上限”“顾客上限”“每件商品的搭配数”和“每位顾客的商品数”使内存保持有上限。只送入有效的购买：先排除已取消的订单。',
  'One result for each different value of these, such as country or category. Empty: one for all.':
    '这些值每有一种就有一个结果，例如国家或类目。留空：全部一个结果。',
  'Results are kept apart by currency, because money of two currencies cannot be added. Without this field in the records all are taken as one currency.':
    '结果按币种分开，因为两种币种的金额不能相加。记录中没有此字段时，全部视为同一币种。',
  'Weeks begin on Monday. span: any length, counted from the start of 1970 in world time (UTC).':
    '一周从周一开始。时间段：任意长度，自 1970 年初（世界时 UTC）起算。',
  'Where a day begins, such as Europe/Berlin. Default: the time zone of the workflow.':
    '一天从何处开始，例如 Europe/Berlin。默认：工作流的时区。',
  'Money of a record: of a whole order, or of a line of one.': '记录的金额：整个订单的，或其中一条明细的。',
  'Pieces of a record; nothing counts as none.': '记录的件数；没有则按零计。',
  'Empty: when the amount is below 0. The amount of a refund may have either sign.':
    '留空：金额低于 0 时。退款金额的正负均可。',
  'Records with the same number are one order.': '编号相同的记录属于同一订单。',
  'live: the result so far after every record, each replacing the one before. final: once, when the period is over.':
    '实时：每条记录后给出至今的结果，替换前一个。最终结果：周期结束时给出一次。',
  'One row per period (and per value of "For each"), with these figures:\n\n| Field | What it is |\n|---|---|\n| `gmv` | Gross merchandise value: what was sold, before refunds |\n| `refunds` | What was paid back |\n| `net` | `gmv` less `refunds` |\n| `orders` | Different orders with a sale; the lines of one order count once |\n| `units`, `refundedUnits` | Pieces sold and taken back |\n| `refundedOrders` | Different orders with a refund |\n| `aov` | Average order value: `gmv` divided by `orders`, rounded to the currency\'s cents; empty without orders |\n| `records` | Records it was made of |\n\nA refund counts in the period in which it was made, not in that of the sale. Money is added exactly, to the last cent, and never across currencies: each currency has rows of its own. A period runs from `windowStart` up to `windowEnd` (ms). Records that come after their final result was sent leave through "Late".':
    '每个周期（及每个“分组”值）一行，含以下数字：\n\n| 字段 | 含义 |\n|---|---|\n| `gmv` | 商品交易总额：卖出的金额，退款前 |\n| `refunds` | 退款金额 |\n| `net` | `gmv` 减去 `refunds` |\n| `orders` | 有销售的不同订单数；同一订单的明细只计一次 |\n| `units`、`refundedUnits` | 卖出与退回的件数 |\n| `refundedOrders` | 有退款的不同订单数 |\n| `aov` | 平均订单金额：`gmv` 除以 `orders`，四舍五入到币种的分；没有订单时为空 |\n| `records` | 参与计算的记录数 |\n\n退款计入退款发生的周期，而不是销售的周期。金额精确相加，到分为止，且不跨币种：每个币种有各自的行。周期从 `windowStart` 到 `windowEnd`（毫秒）。最终结果发出之后才到的记录从“迟到”输出。',
  'Fields that tell visitors apart, such as the customer or a cookie. Records without one are left out.':
    '区分各访客的字段，例如顾客或 Cookie。没有此字段的记录不计入。',
  'A pause longer than this begins a new visit.': '停顿超过此时长，开始新的访问。',
  'A visit that has lasted this long is ended, and the next event begins a new one. Empty: no limit.':
    '持续这么久的访问被结束，下一个事件开始新的访问。留空：不限。',
  'Such as the page or the campaign a visit began with.': '例如访问开始时的页面或活动。',
  'Such as the page a visit ended on.': '例如访问结束时的页面。',
  'Order of events of one visitor with the same time: a number or text that grows. Then arrival decides.':
    '同一访客时间相同的事件的顺序：递增的数字或文本。仍相同则看到达顺序。',
  'Use it to see how many visits there are and how long they last, with which page or campaign they begin, and where they end. A visit is what one visitor does without a long pause.\n\n- **Events**: every event with the number of its visit (`sessionId`), when that began (`sessionStart`, ms) and its place in it (`sessionEvent`, from 1).\n- **Visits**: one record per visit, when it is over: `sessionId`, `startedAt` and `endedAt` (first and last event, ms), `durationMs` between them, `events` (how many), and the fields kept of the first and last event.\n\nEvents are put into order first, as far as the source allows for; those that come even later leave through "Late".':
    '用来了解有多少次访问、持续多久、从哪个页面或活动开始、在哪里结束。一次访问是同一访客没有长停顿的一串事件。\n\n- **事件**：每个事件，带有所属访问的编号（`sessionId`）、访问开始时间（`sessionStart`，毫秒）和在其中的位置（`sessionEvent`，从 1 开始）。\n- **访问**：每次访问结束时一条记录：`sessionId`、`startedAt` 和 `endedAt`（首个与末个事件，毫秒）、两者之间的 `durationMs`、`events`（事件数），以及保留的首末事件字段。\n\n事件先按时间排序，以数据来源允许的时长为限；更晚到的从“迟到”输出。',
  'Usually the warehouse and the product (SKU).': '通常是仓库和商品（SKU）。',
  'Units that came in (above 0) or went out (below 0).': '入库（大于 0）或出库（小于 0）的件数。',
  'Units found when the shelf was counted: replaces the level as of the time of the count.':
    '盘点货架得到的件数：替换盘点时刻的库存量。',
  'From this level down the state is "low". Empty: never.': '库存量降到此值及以下时，状态为“low”。留空：从不。',
  'Add the movements of a stock (deliveries, sales, returns) and from time to time a count of the shelf; the result is a table with one row per product and warehouse: `level`, `state` and `updatedAt` (ms).\n\nThe state is `in-stock`, `low` (at or under "Low at"), `out` (0), or `below-zero`, which means that more went out than ever came in: a delivery was not booked, or something was sold twice. To keep that from happening, use "Reserve stock".\n\nA movement dated before the last count is part of it already and is left out (counted as filtered).':
    '累加库存变动（到货、销售、退货），并不时用货架盘点校正；结果是一张表，每件商品和仓库一行：`level`、`state` 和 `updatedAt`（毫秒）。\n\n状态为 `in-stock`、`low`（等于或低于“低库存线”）、`out`（0）或 `below-zero`；后者表示出库多于入库：有到货没有入账，或有商品卖了两次。要避免这种情况，用“预留库存”。\n\n早于最近一次盘点的变动已包含在盘点中，因此不计入（计为被排除）。',
  'order: an order is reserved whole or refused whole, over all its products. line: each line of an order is reserved whole or refused. partial: as many units as there are.':
    '整单：一个订单的所有商品要么全部预留，要么全部拒绝。整行：订单的每条明细要么全部预留，要么拒绝。部分：有多少预留多少。',
  'Fields that say which stock an order draws from, usually the warehouse. All orders on one stock are handled one after the other, so that no unit is promised twice. Empty: one stock for everything.':
    '说明订单占用哪个库存的字段，通常是仓库。同一库存的所有订单逐个处理，因此没有一件会被承诺两次。留空：全部共用一个库存。',
  'Units of every product before the first delivery. Usually 0: the stock comes in as "restock" records.':
    '首次到货之前每件商品的件数。通常为 0：库存由“restock”记录带入。',
  'hold: units wait for a "commit" (paid) or a "release" (cancelled). sell: an accepted order leaves the stock at once; use it when there is no payment step.':
    '保留待确认：等待“commit”（已付款）或“release”（已取消）。直接售出：接受的订单立即出库；没有付款环节时使用。',
  'A reservation that is neither committed nor released after this long goes back into stock. Empty: it waits for ever.':
    '这么久既未提交也未释放的预留回到库存。留空：永远等待。',
  'Units of one product that one customer may have, for flash sales. Empty: no limit. Counts the orders that are remembered; released units do not count.':
    '每位顾客对一件商品最多可得的件数，用于闪购。留空：不限。按仍被记住的订单计；已释放的件数不计。',
  'An alert is sent when the free units of a product fall to this number. Empty: no such alert.':
    '商品的可用件数降到此数时发出提醒。留空：不提醒。',
  'How long after its last change an order is still known, so that a repeat of it is noticed. Orders that still hold units are always known.':
    '订单在最后一次变化后还被记住多久，以便识别重复。仍占用件数的订单始终被记住。',
  'Holds "reserve", "commit", "release" or "restock". A record without it is a reservation.':
    '值为“reserve”“commit”“release”或“restock”。没有此字段的记录视为预留。',
  'Number of the order.': '订单编号。',
  'Number of the product (SKU), on the record or on each of its lines.': '商品编号（SKU），位于记录或其每条明细中。',
  'A whole number above 0.': '大于 0 的整数。',
  'List of products and units of an order with several. Absent: the record itself is the only line.':
    '含多件商品的订单的商品与件数列表。没有时：记录本身就是唯一的明细。',
  'Needed only for a limit per customer.': '只有设置了每位顾客上限时才需要。',
  'Number of the request itself, different for each. With it, one order may be extended by further requests, and a repeated restock is noticed.':
    '请求自身的编号，每个都不同。有了它，可用后续请求扩充同一订单，重复的补货也能被识别。',
  'Each record says what to do with the stock:\n\n- **reserve** sets units aside for an order. When two customers want the last one, the order that comes first gets it.\n- **commit** makes the reservation a sale, usually when the payment has arrived.\n- **release** gives the units back, usually because the order was cancelled.\n- **restock** adds units: a delivery, or goods that came back.\n\nA record carries `orderId` and either `sku` (the product\'s number) and `quantity`, or a list `lines` of these. Commit and release need the order alone; with a `sku` they concern this product of it. Everything about one order must name the same warehouse, because each warehouse is a stock of its own.\n\n**Answers.** A reservation leaves through "Accepted" when at least one unit was set aside (`reserved`, and `short` for what is missing), otherwise through "Refused" with a `reason`. Commits, releases, deliveries and reservations whose time ran out leave through "Updates".\n\n**Repeats change nothing.** A shop\'s systems send things twice: the same order again, a cancel after the time ran out. These leave through "Repeats" with what became of the order.\n\n**Reasons:**\n\n| Reason | What is wrong |\n|---|---|\n| `sold-out`, `not-enough` | none is left, or fewer than wanted |\n| `over-limit` | more than "Most per customer" |\n| `no-product`, `no-order-id`, `no-lines`, `no-customer` | something is missing in the record |\n| `bad-quantity` | not a whole number above 0 |\n| `too-many-lines` | over 1,000 |\n| `unknown-action` | not one of the four words above |\n| `unknown-order` | commit or release of an order that did not come, or is forgotten |\n| `order-id-reused` | the same number with other contents |\n| `nothing-reserved`, `already-released`, `already-expired`, `already-committed` | there is nothing to commit or release any more |\n\n**The ledger** has one row per product with the proof: `opening + restocked = available + reserved + sold`, and `accepted = reserved + sold + released + expired`. `balanced` says that both hold, `oversold` counts units promised beyond what ever came in: it should be 0; `requests` counts the reservations that were asked for.\n\nOrders are served as they arrive. To serve them in the order in which they were placed, put "Sort by time" before this node. Reservations run out by the time of the records, not of the clock, and all of them have run out when a file has been read to its end.':
    '每条记录说明对库存做什么：\n\n- **reserve** 为订单预留件数。两位顾客争最后一件时，先到的订单得到它。\n- **commit** 将预留变为销售，通常在付款到账后。\n- **release** 归还件数，通常因为订单取消。\n- **restock** 增加件数：到货，或退回的商品。\n\n记录带有 `orderId`，以及 `sku`（商品编号）和 `quantity`，或由它们组成的列表 `lines`。提交和释放只需订单；带 `sku` 时只涉及其中这件商品。同一订单的所有记录必须指明同一仓库，因为每个仓库是独立的库存。\n\n**结果。** 至少预留了一件时，预留从“已接受”输出（`reserved`，缺少的为 `short`），否则带着 `reason` 从“已拒绝”输出。提交、释放、到货和到期的预留从“更新”输出。\n\n**重复不产生变化。** 商城的系统会重复发送：同一订单再来一次，到期后又来取消。这些记录连同订单的结果从“重复”输出。\n\n**原因：**\n\n| 原因 | 问题 |\n|---|---|\n| `sold-out`、`not-enough` | 已无库存，或少于所需 |\n| `over-limit` | 超过“每位顾客上限” |\n| `no-product`、`no-order-id`、`no-lines`、`no-customer` | 记录缺少内容 |\n| `bad-quantity` | 不是大于 0 的整数 |\n| `too-many-lines` | 超过 1,000 条 |\n| `unknown-action` | 不是上述四个词之一 |\n| `unknown-order` | 要提交或释放的订单没有来过，或已被遗忘 |\n| `order-id-reused` | 编号相同但内容不同 |\n| `nothing-reserved`、`already-released`、`already-expired`、`already-committed` | 已没有可提交或释放的 |\n\n**台账**每件商品一行，附带验证：`opening + restocked = available + reserved + sold`，以及 `accepted = reserved + sold + released + expired`。`balanced` 表示两式都成立，`oversold` 是超出入库总数而承诺的件数，应为 0；`requests` 是请求预留的次数。\n\n订单按到达顺序处理。要按下单顺序处理，在此节点前放“按时间排序”。预留按记录的时间到期，而不是按时钟；文件读完时全部到期。',
  'How many products the list has.': '榜单上的商品数。',
  'Pieces sold, or money made.': '卖出的件数，或销售收入。',
  'Pieces of a record. Below 0 for what came back.': '记录的件数。低于 0 表示退回。',
  'Money of a record; nothing counts as 0.': '记录的金额；没有则按 0 计。',
  'live: every place that changes, at once. final: the whole list once, when the period is over.':
    '实时：每个变化的名次立即发出。最终结果：周期结束时发出完整榜单一次。',
  'Reads the lines of orders: one record per product and order. A row has the place (`rank`, 1 is best), the product, `units` and `revenue`, and the period from `windowStart` up to `windowEnd` (ms).\n\nReturned pieces with a number below 0 are taken off. Of products that sold equally well the one with the lower product number (SKU) comes first. Lists are kept apart by currency, because money of two currencies cannot be added. Sent live, a list can be shown as a table that changes place by place. All products of one list are counted by one task (on one processor core): in a very large shop, make a list per country or category in "For each".':
    '读取订单明细：每件商品和订单一条记录。每行有名次（`rank`，1 最好）、商品、`units` 和 `revenue`，以及从 `windowStart` 到 `windowEnd` 的周期（毫秒）。\n\n件数低于 0 的退货会被扣除。卖得一样好的商品中，商品编号（SKU）较小的在前。榜单按币种分开，因为两种币种的金额不能相加。实时发出时，榜单可显示为逐个名次变化的表。一个榜单的所有商品由一个任务（一个处理器核心）计数：很大的店铺可在“分组”中按国家或类目各列一榜。',
  'How many are still fine: with 4, the fifth is suspicious.': '还算正常的个数：填 4 则第五个可疑。',
  'The time over which they are counted, back from each record.': '计数的时长，从每条记录往前算。',
  'high: the amount is so many times the usual or more. low: so many times less. both: either.':
    '偏高：金额达到平常的这么多倍或以上。偏低：低至平常的这么多分之一。两者：任一情况。',
  'What is looked up in the list: the e-mail, the device, the country.': '与名单比对的字段：电子邮件、设备、国家。',
  'A record with one of these values in the field is suspicious.': '该字段的值为其中之一的记录可疑。',
  'Compared with the value before.': '与前一个值相比。',
  'A word of your choice; it stands in the field `overdue`.': '由你选定的词，写在字段 `overdue` 中。',
  'Longer than this is too long.': '超过此时长即为过久。',
  'Number of the order that is paid for.': '所付订单的编号。',
  'An order that names none is invalid.': '没有写明顾客的订单无效。',
  'Number of the customer.': '顾客编号。',
  'Three capital letters, such as EUR.': '三个大写字母，例如 EUR。',
  'List of products and units of the order.': '订单的商品与件数列表。',
  'How long a period is.': '一个周期有多长。',
  'The number of the product (SKU), or another field by which products are told apart.':
    '商品编号（SKU），或用来区分商品的其他字段。',
};
