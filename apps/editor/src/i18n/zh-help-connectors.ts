/** Help of the connectors and of their settings in Chinese, by the English text. */
export const zhHelpConnectors: { readonly [english: string]: string } = {
  'Where the system is and how to sign in, kept under a name. An administrator makes it once, on the page Connections; here you choose it.':
    '系统的位置和登录方式，以名称保存。由管理员在“连接”页面创建一次，在此选择即可。',
  'Name of the table, such as orders. When it lies in another schema (PostgreSQL), database (MySQL) or keyspace (Cassandra) than the connection names, with that in front: archive.orders.':
    '表的名称，例如 orders。若位于连接所指之外的模式（PostgreSQL）、数据库（MySQL）或键空间（Cassandra），则在前面写上其名称：archive.orders。',
  'When two records belong to one row. Event time, the usual choice: the one that happened later, even if it arrives first. Stream order: the one that arrives last; for records without a time of their own.':
    '两条记录属于同一行时。事件时间（通常的选择）：以较晚发生的为准，即使它先到。流中顺序：以最后到的为准，用于没有自身时间的记录。',
  'Use it to put results into a Cassandra database, where your other programs find them: the orders of each customer, say. Each record becomes a row of a table that is there already; a field goes into the column of the same name (`orderId` also finds `order_id`).\n\nA record with the key of a row that is there replaces the values of that row; a row that is removed from a table is deleted. After a crash a record may be written again, which changes nothing: the result is as if each was written once. A record that does not fit becomes a dead letter with the reason; the others go on.\n\n**For your IT helper.** Each row is written with a write time made from the record, so an older record never beats a newer one; columns without a field keep their value. Tables with counters are refused, because a repeated addition cannot be told from a new one. A Cassandra on a single server with its usual settings may itself forget what it confirmed in the last moments before it crashes: keep several copies, or set `commitlog_sync: batch`.':
    '用于将结果放入 Cassandra 数据库，供其他程序使用，例如每位顾客的订单。每条记录成为已有表中的一行；字段写入同名的列（`orderId` 也能对应 `order_id`）。\n\n键与已有行相同的记录替换该行的值；从表中移除的行会被删除。崩溃后记录可能再写一次，但不产生变化：结果等同于每条记录只写一次。不合适的记录连同原因成为死信，其他记录继续。\n\n**写给技术人员。**每行的写入时间由记录得出，因此较旧的记录绝不会盖过较新的；没有对应字段的列保持原值。含计数器的表会被拒绝，因为无法区分重复的累加与新的累加。在单台服务器上使用默认设置的 Cassandra，崩溃时可能会自行丢失最后片刻已确认的写入：请保留多个副本，或设置 `commitlog_sync: batch`。',
  'Fields of the record that say which row to look up, such as customerId.':
    '记录中说明要查找哪一行的字段，例如 customerId。',
  'Columns of the table that hold these values, in the same order. Empty: columns named like the fields.':
    '表中存放这些值的列，顺序一致。留空：与字段同名的列。',
  'Columns of the row that are added. Empty: all.': '要加入的列。留空：全部。',
  'Name of the field that gets the row.': '接收该行的字段名称。',
  'null: the field stays empty. skip: the record ends here. dead-letter: the record is kept aside with the reason.':
    '留空：字段为空。跳过：记录到此结束。死信：记录连同原因另存。',
  'A row that changes is seen after this time at the latest. 0: always ask.':
    '行的变化最迟在此时长之后可见。0：每次都查询。',
  'The rows used longest ago are forgotten first.': '最久没有用到的行先被遗忘。',
  'Use it to add to each record what a table of this database knows about it: the customer of an order, the price of a product. From `{"customerId": 7}` and the row of customer 7 comes `{"customerId": 7, "found": {"id": 7, "name": "Ada", "country": "DE"}}`.\n\nThe table is only read. Rows are remembered for a while, so a change in the table is seen after that time at the latest. When the database is down or refuses the password, the node says so, waits and tries again.\n\n**For your IT helper.** The row is the one whose match columns equal the match fields. The match columns must be the partition key of the table (the columns by which Cassandra finds a row), or begin with it. Many rows are asked for at a time.':
    '用于为每条记录加上此数据库的表中与之有关的内容：订单的顾客、商品的价格。`{"customerId": 7}` 加上顾客 7 的行，得到 `{"customerId": 7, "found": {"id": 7, "name": "Ada", "country": "DE"}}`。\n\n表只被读取。行会缓存一段时间，因此表中的变化最迟在该时长之后可见。数据库停机或拒绝密码时，节点会显示，等待并重试。\n\n**写给技术人员。**取匹配列等于匹配字段的那一行。匹配列必须是表的分区键（Cassandra 据以找到行的列），或以它开头。多行同时查询。',
  'A file, or a pattern for several: * and ? stand for characters, ** for folders at any depth. Names ending in .gz are unpacked.':
    '一个文件，或匹配多个文件的模式：* 和 ? 代表字符，** 代表任意层的目录。以 .gz 结尾的文件自动解压。',
  'Auto: .csv and .tsv are CSV, everything else has one JSON value per line.':
    '自动：.csv 和 .tsv 为 CSV，其他文件每行一个 JSON 值。',
  CSV: 'CSV',
  'Default: a comma, a tab for .tsv.': '默认：逗号；.tsv 为制表符。',
  'For files without a header, or to rename the columns of one. Default without both: column1, column2, …':
    '用于没有表头的文件，或为列重新命名。两者都没有时默认：column1、column2、…',
  'What a column holds; all others are text. Numbers are written with a point: 1.5, not 1,5. Empty cells of columns that are no text become empty (null).':
    '各列的内容类型；其余各列为文本。数字用小数点书写：1.5，而不是 1,5。非文本列的空单元格变为空（null）。',
  'Goes on reading as the file grows, also when it is renamed and begun anew, and never ends by itself.':
    '随文件增长继续读取，文件改名并重新开始时也不中断，不会自行结束。',
  'Records per second and file. Default: as fast as possible.': '每个文件每秒的记录数。默认：尽可能快。',
  'Names and types of the fields, for the editor. Learnt from a sample; reading does not depend on it.':
    '字段的名称和类型，供编辑器使用。从样本得出；读取不依赖它。',
  'One record per line, written in JSON (NDJSON), or CSV with a header, as spreadsheets save it. From a spreadsheet save as "CSV UTF-8"; if it puts semicolons between the values, set "Delimiter" to `;`. Cells are text until "Types of columns" says which hold numbers, yes or no, or times. Several files are read side by side; a slow one holds up the results of a time until it has come past it.\n\nA line that cannot be read becomes a dead letter with its file, line and place in the file (byte); reading goes on. Blank lines are passed over. Records longer than 1 MiB (about a million letters), letters that are not written in UTF-8, and CSV rows with too many or too few cells count as broken.\n\nVery long numbers (whole ones with more than about 15 digits, exactly: beyond 2^53, and others with more than 17) are kept as text so that no digit is lost. When a JSON record has the same field twice, the last one counts.\n\n**Follow** reads a file as it grows, such as one that another program adds to all day. When that program renames it and begins a new one in its place, the rest of the old file is read first; when the file is emptied, reading starts over. A program that copies the file and then empties it loses what is written in between: let it rename instead. When the name is a pattern (`orders-*.csv`), the files that are there at the start are followed.\n\nA run that was stopped goes on at the exact place and checks that each file is still the same.':
    '每行一条以 JSON 书写的记录（NDJSON），或带表头的 CSV，即电子表格保存的格式。从电子表格请另存为“CSV UTF-8”；若它用分号分隔各值，把“分隔符”设为 `;`。单元格都是文本，直到在“列类型”中说明哪些是数字、是/否或时间。多个文件并行读取；某个时间的结果会等最慢的文件读过该时间。\n\n无法读取的行连同文件、行号和在文件中的位置（字节）成为死信；读取继续。空行被略过。超过 1 MiB（约一百万个字母）的记录、不是 UTF-8 编码的文字，以及单元格过多或过少的 CSV 行都视为损坏。\n\n很长的数字（约 15 位以上的整数，准确地说是超出 2^53 的；以及其他超过 17 位的）保留为文本，不丢失任何一位。JSON 记录中同一字段出现两次时，以最后一个为准。\n\n**持续读取**随文件增长而读取，例如另一个程序整天追加的文件。该程序将其改名并在原处开始新文件时，先读完旧文件的剩余部分；文件被清空时从头读取。先复制文件再清空的程序，会丢失其间写入的内容：应让它改用改名方式。文件名为模式（`orders-*.csv`）时，跟随开始时已有的文件。\n\n停止后恢复的运行从准确的位置继续，并检查每个文件是否仍是同一个。',
  'Where the result goes. A name ending in .gz is packed. Folders are made as needed.':
    '结果写到哪里。以 .gz 结尾则压缩。目录按需创建。',
  'Fields to write, in this order; `customer.name` is the field `name` inside `customer`. Default: the fields of the first record, and later ones must have no others.':
    '要写入的字段，按此顺序；`customer.name` 是 `customer` 内的字段 `name`。默认：第一条记录的字段，之后的记录不能有其他字段。',
  "Puts an apostrophe before texts that a spreadsheet would run as a formula (those that begin with = + - @, tab or return). Switch on when people open the file; off, programs read exactly the records' texts.":
    '在电子表格会当作公式执行的文本（以 = + - @、制表符或回车开头）前加单引号。供人打开的文件应开启；关闭时，程序读到的正是记录的原文。',
  'Values: each new version of a row is written, deletes are left out. With op: every record with what it does, as {"op":"upsert","value":…} or in a first column op (upsert: a row is new or changed; delete: it was removed).':
    '值：写入行的每个新版本，删除不写入。带操作：写入每条记录及其操作，形如 {"op":"upsert","value":…}，或放在首列 op（upsert：行是新的或有更改；delete：行已移除）。',
  'Waits until the disk has everything before it counts as done. Off, a crash of the program is still harmless, but after a power cut records may be missing.':
    '等磁盘全部写完才算完成。关闭时，程序崩溃仍无影响，但断电后可能缺少记录。',
  'For people, choose a name that ends in .csv and switch on "Safe for spreadsheets"; for programs, .ndjson. Nothing is lost or doubled: after a crash the file is cut back to the last place that is certain, and writing goes on from there. So while a run goes on, whoever reads the file may see lines at its end that are cut back later.\n\nA name that ends in .gz packs the file; every gzip program unpacks it. (It consists of parts of 1 MiB of plain text, which these programs read as one.) The same records give the same file to the last byte, however often the run was stopped.\n\nA workflow that is started anew in the editor replaces the file of its last run. In a terminal such a file is refused, unless the run is started with `--overwrite`.':
    '给人看的，用以 .csv 结尾的名称，并开启“电子表格安全”；给程序的，用 .ndjson。不丢失也不重复：崩溃后文件截回最后确定的位置，再从那里继续写。因此运行期间，读取文件的程序可能在末尾看到之后会被截掉的行。\n\n以 .gz 结尾则压缩文件，任何 gzip 程序都能解压。（它由每 1 MiB 原文一份的部分组成，这些程序当作一个文件读取。）相同的记录得到逐字节相同的文件，无论运行停止过多少次。\n\n在编辑器中重新启动的工作流会替换上次运行的文件。在终端中这样的文件会被拒绝，除非运行时加上 `--overwrite`。',
  'Events in all. Empty: never ends.': '事件总数。留空：永不结束。',
  'Events to make; each comes out of its own port. The rate counts these alone.':
    '要产生的事件；每种从各自的端口输出。速率只计这些。',
  'Time of the first event (ISO 8601). Default: now, or 2026-01-05T00:00:00Z when the stream ends by itself.':
    '第一个事件的时间（ISO 8601）。默认：现在；流会自行结束时为 2026-01-05T00:00:00Z。',
  'The rate follows the day (UTC): half at 5:00, one and a half times at 19:00. It then is the mean of a day.':
    '速率随一天的时段（UTC）变化：5:00 为一半，19:00 为一倍半。所填速率为全天平均值。',
  'A rush on one product at 30 % off.': '一件商品七折时的抢购。',
  'From one sale to the next; the first comes after this time.': '从一次闪购到下一次的时长；第一次在此时长之后开始。',
  'Default: SKU-0001, the most popular one.': '默认：SKU-0001，最热门的商品。',
  'How long after it happened an event may arrive.': '事件发生后最多多久到达。',
  'Share of events that arrive twice.': '到达两次的事件比例。',
  'Share of visits in which something is wrong: bot, card-testing, bulk-order, price-glitch, foreign-card.':
    '有异常的访问比例：bot、card-testing、bulk-order、price-glitch、foreign-card。',
  'Adds a field "label" that names the anomaly, or null: to see whether your checks find it.':
    '添加字段“label”，写明异常名称或 null：用于查看你的检查能否发现它。',
  'Most customers come from the first, fewest from the last.': '来自第一个国家的顾客最多，来自最后一个的最少。',
  'Customers whose own currency is not listed pay in the first.': '自身币种不在列表中的顾客用第一个币种付款。',
  'Less than the disorder above makes late events.': '小于上面的乱序时长会产生迟到事件。',
  "For trying things out before your own data is there, for showing them, and for tests. People visit the shop, look at products, fill carts, order and pay; stock goes out and comes in. Events that belong together share ids: `orderId` joins orders, payments and stock, `customerId` everything, `sku` clicks, carts, order items and stock. Every event has its time in `ts` (ms).\n\nWith the same seed the events are the same every time; a run that was stopped goes on with exactly the event that would have come next.\n\n**Orders** `placed`, perhaps `cancelled` later · **Payments** `captured` or `declined`, with the customer's `country`, the `card` and its country, the `device` · **Stock movements** `initial`, `sale`, `release`, `restock`: the level of a product is the sum of `change` · **Clicks** one per product looked at · **Cart changes** `add`, `remove` · **Customers** `known` at the start, `registered`, `changed`\n\n| what | how it is distributed |\n|---|---|\n| visits | evenly random at the rate; with busy and quiet hours half as many at 5:00 and 1.5 times as many at 19:00 UTC |\n| customers | 5 % of visits are by new ones, 1 % change their data; of the others a quarter make half of the visits |\n| country | in the order of the list: the first twice as often as the second, three times as often as the third |\n| product | likewise: the most popular twice as often as the second |\n| price | most near 25 euro, a few much less or more (1 to 900), ending in 5 or 9 cents; times a fixed factor in other currencies, whole yen |\n| clicks | 1.5 before each wanted product and at the end, 25 s apart on average |\n| cart | filled in 30 % of visits: 1 product, each further one with 45 % (at most 6); 75 % of lines have 1 piece; 8 % take one out |\n| order | 55 % of carts, 50 s after the last change on average; shipping 4.90, free from 50 euro |\n| payment | 10 s after the order on average; 3 % only after 5 to 15 min, 2 % never; 7 % of attempts declined, 70 % of these tried again, at most 3 times; 1.5 % for a wrong amount; 1 % with a card from abroad |\n| cancellation | 3 % of paid orders within 20 min, all unpaid ones after 20 min; the stock is released |\n| stock | popular products start with more; every 20th sold line brings stock for 20 such lines |\n| flash sale | as many times more visits as set, all extra ones for one product at 30 % off: 60 % fill a cart, 75 % of these order; no new stock meanwhile |\n| arrival | most nearly at once, some later, none by more than is set; duplicates after the first, within the same bound |\n| anomalies | one of five, evenly: `bot` 80 to 200 clicks in a minute and no purchase · `card-testing` 8 to 15 small declined payments first, each with another card · `bulk-order` 50 to 200 pieces · `price-glitch` a hundredth of the price · `foreign-card` a card from another country |\n\nA visit lasts at most an hour. At high rates visits are shorter in proportion, so that no more than 50,000 are under way and the memory does not fill. The shop is busy from the first moment: some of the first orders come from carts that were filled before.":
    '用于在自己的数据接入之前试用、演示和测试。人们访问商城、浏览商品、加入购物车、下单并付款；库存有出有入。相关的事件共用编号：`orderId` 关联订单、付款和库存，`customerId` 关联全部，`sku` 关联点击、购物车、订单明细和库存。每个事件的时间在 `ts` 中（毫秒）。\n\n种子相同，事件每次都相同；停止后恢复的运行正好从下一个事件继续。\n\n**订单** `placed`，之后可能 `cancelled` · **付款** `captured` 或 `declined`，带有顾客的 `country`、`card` 及发卡国家、`device` · **库存变动** `initial`、`sale`、`release`、`restock`：商品的库存量是 `change` 之和 · **点击** 每浏览一件商品一条 · **购物车变动** `add`、`remove` · **顾客** 开始时 `known`，之后 `registered`、`changed`\n\n| 内容 | 如何分布 |\n|---|---|\n| 访问 | 按速率均匀随机；有忙闲时段时，UTC 5:00 为一半，19:00 为 1.5 倍 |\n| 顾客 | 5 % 的访问来自新顾客，1 % 更改资料；其余顾客中四分之一产生一半的访问 |\n| 国家 | 按列表的顺序：第一个是第二个的两倍、第三个的三倍 |\n| 商品 | 同样：最热门的是第二热门的两倍 |\n| 价格 | 多数在 25 欧元左右，少数低得多或高得多（1 到 900），以 5 或 9 分结尾；其他币种乘以固定系数，日元取整 |\n| 点击 | 每件想要的商品之前及结尾各 1.5 次，平均间隔 25 秒 |\n| 购物车 | 30 % 的访问加购：1 件商品，之后每再加一件的概率为 45 %（最多 6 件）；75 % 的明细为 1 件；8 % 会移除一件 |\n| 订单 | 55 % 的购物车下单，平均在最后一次变化后 50 秒；运费 4.90，满 50 欧元免运费 |\n| 付款 | 平均在下单后 10 秒；3 % 在 5 到 15 分钟后才付，2 % 从不付款；7 % 的尝试被拒，其中 70 % 重试，最多 3 次；1.5 % 金额有误；1 % 使用境外卡 |\n| 取消 | 已付款订单的 3 % 在 20 分钟内取消，未付款订单 20 分钟后全部取消；库存随之释放 |\n| 库存 | 热门商品初始库存更多；每卖出 20 条明细，就补足 20 条这样明细的库存 |\n| 闪购 | 访问增至所设倍数，多出的访问都针对一件七折商品：60 % 加购，其中 75 % 下单；期间不补货 |\n| 到达 | 多数几乎立即到达，有些较晚，没有超过设定的；重复在首次之后到达，不超过同一上限 |\n| 异常 | 五种均匀出现：`bot` 一分钟内 80 到 200 次点击且不购买 · `card-testing` 先有 8 到 15 次小额被拒付款，每次用不同的卡 · `bulk-order` 50 到 200 件 · `price-glitch` 价格的百分之一 · `foreign-card` 来自另一国家的卡 |\n\n一次访问最长一小时。速率高时访问按比例缩短，同时进行的不超过 50,000 次，内存不会占满。商城从一开始就繁忙：最初的部分订单来自之前已加购的购物车。',
  'Name of a field that gets the time (ISO 8601) at which the server took the record.':
    '接收时间的字段名称；值为服务器收到记录的时间（ISO 8601）。',
  'Where the records wait on disk. Leave it empty: the server sets it. Only a run on the command line names a folder.':
    '记录在磁盘上等待的位置。请留空：由服务器设定。只有在命令行运行时才指定目录。',
  'Use it when the other system can send by itself whenever something happens: your shop software, the till, the payment provider (their manuals call it a webhook). Each thing they send, such as `{"orderId": "A1", "total": 20}`, becomes a record at once. A system that waits to be asked is for the operator Web API instead.\n\nWhat was accepted is on disk and is processed once, also after a crash.\n\n**For whoever sets up the sender.** Send JSON to `POST /ingest/<workflow id>/<node id>` of this server: one object, a list of objects, or one object a line (`application/x-ndjson`). The workflow id stands in the address of the editor, the node id in the workflow downloaded as JSON. Sign in with `Authorization: Bearer <token>`; an administrator makes an API token with the role `ingest` (`POST /api/tokens`).\n\nThe answer 202 means that the records are on disk. With an `Idempotency-Key` (an id of your own for the request) it can be sent again for 24 hours without being taken twice. 429 means that too many records wait: send again after the time in `Retry-After`.':
    '当对方系统能在事情发生时主动发送时使用：商城软件、收银机、支付服务商（其手册称之为 webhook）。发送的每项内容，例如 `{"orderId": "A1", "total": 20}`，立即成为一条记录。需要被询问的系统则用操作符“Web API”。\n\n已接受的内容保存在磁盘上，只处理一次，崩溃后也一样。\n\n**写给设置发送方的人。**将 JSON 发送到本服务器的 `POST /ingest/<workflow id>/<node id>`：一个对象、对象列表，或每行一个对象（`application/x-ndjson`）。工作流编号在编辑器的地址中，节点编号在下载为 JSON 的工作流中。用 `Authorization: Bearer <token>` 登录；角色为 `ingest` 的 API 令牌由管理员创建（`POST /api/tokens`）。\n\n应答 202 表示记录已写入磁盘。带有 `Idempotency-Key`（发送方自定的请求编号）的请求在 24 小时内可以重复发送而不会重复接收。429 表示等待的记录过多：在 `Retry-After` 的时间之后重发。',
  'The web API with its sign-in, made once on the page Connections. Empty: the address below is called without signing in.':
    'Web API 及其登录方式，在“连接”页面创建一次。留空：不登录，直接调用下方地址。',
  'What is asked. With a connection only the part behind its address, such as /orders?status=paid.':
    '请求的内容。有连接时只填其地址之后的部分，例如 /orders?status=paid。',
  'Name of the list in the answer, such as data.orders. Empty: the answer itself is the list.':
    '应答中列表的名称，例如 data.orders。留空：应答本身就是列表。',
  'How the service hands out a long list; its manual tells. none: in one answer. link: the answer names the next page in its Link header. cursor: a field of the answer leads to the next page. page: pages are numbered. offset: the address says how many records to pass over.':
    '服务如何给出长列表，见其手册。无：一次应答给出全部。链接：应答在 Link 头中写明下一页。游标：应答的一个字段指向下一页。页码：各页有编号。偏移：地址中写明略过多少条记录。',
  'Field of the answer that holds the cursor, or the whole address, of the next page.':
    '应答中存放下一页游标或完整地址的字段。',
  'What the service calls it in the address: ?cursor=…': '服务在地址中对它的称呼：?cursor=…',
  'What the service calls it in the address: ?page=…': '服务在地址中对它的称呼：?page=…',
  'What the service calls it in the address: ?offset=…': '服务在地址中对它的称呼：?offset=…',
  'What the service calls it in the address: ?limit=…': '服务在地址中对它的称呼：?limit=…',
  'A shorter page is the last one. Empty: pages are read until one is empty.':
    '不足此数的页是最后一页。留空：读到空页为止。',
  'Field of a record that grows with each change, such as updated_at. Its highest value is sent in the next round, so that only newer records come.':
    '记录中随每次更改而增大的字段，例如 updated_at。其最大值在下一轮发送，从而只返回更新的记录。',
  'Name in the address under which that value is sent, such as updated_since.':
    '发送该值时在地址中的名称，例如 updated_since。',
  'Fields that tell records apart, such as id. A record whose values here came before is left out. Add the changed-at field to see each change of a record too.':
    '区分各记录的字段，例如 id。这些值此前出现过的记录不再读取。加上更改时间字段，也能看到记录的每次更改。',
  'How many of the last ones are known again.': '能再次识别的最近记录数。',
  'Use it when your shop software, a marketplace or another service lets programs read its data (it has a web API) but does not send news by itself. Every minute, say, it is asked for its list of orders, and what is new becomes records. The manual of the service tells the address and the names to fill in; your IT helper knows how to read it.\n\nChoose the fields a record is known by, such as its number: then each is taken once although every round may list it again. When the service is busy or down, the node says so and tries again by itself; after a restart it goes on where it was.\n\n**For your IT helper.** The answer is JSON and may have up to 1 MiB; ask for smaller pages if it is larger. Lists that go over several pages are read page by page. An answer that has not changed (ETag, Last-Modified) is not sent again. Calls are made again after `Retry-After` when the service gives it. Without a connection only addresses of the public internet are called.':
    '当商城软件、交易平台或其他服务允许程序读取其数据（具有 Web API），但不主动发送新内容时使用。例如每分钟向其询问订单列表，新的内容成为记录。地址和要填写的名称见该服务的手册；技术人员知道如何阅读。\n\n选择识别记录的字段，例如编号：这样即使每轮都再次列出，每条也只取一次。服务繁忙或停机时，节点会显示并自动重试；重启后从原处继续。\n\n**写给技术人员。**应答为 JSON，最大 1 MiB；更大时应请求更小的页。分为多页的列表逐页读取。没有变化的应答（ETag、Last-Modified）不会再次传输。服务给出 `Retry-After` 时，在其之后重试。没有连接时只调用公网地址。',
  'What is asked for each record. {field} stands for a value of the record: /customers/{customerId}.':
    '为每条记录请求的内容。{field} 代表记录的值：/customers/{customerId}。',
  'GET: ask. POST: send the record, or some of its fields, as JSON.':
    'GET：查询。POST：将记录或其部分字段作为 JSON 发送。',
  GET: 'GET',
  POST: 'POST',
  'Empty: the whole record.': '留空：整条记录。',
  'Name of what is wanted from the answer, such as data.segment. Empty: all of it.':
    '应答中所需内容的名称，例如 data.segment。留空：全部。',
  'Name of the field that gets the answer.': '接收应答的字段名称。',
  'null: the field stays empty. fail: the record is put aside as a dead letter.':
    '留空：字段为空。失败：记录作为死信另存。',
  'The same question is not asked again in this time. 0 asks always.': '在此时长内不重复同样的请求。0：每次都请求。',
  'Records keep their order whatever this is.': '无论取何值，记录都保持顺序。',
  'How often a failed call is made again before its record becomes a dead letter.':
    '调用失败后最多重试的次数，之后该记录成为死信。',
  'Use it when another service knows something about a record that you want beside it: the segment of a customer, a shipping price, a score. For each record the service is asked, with values of the record in the address, and the answer is put into a field: `{"customerId": 7}` becomes `{"customerId": 7, "answer": {"segment": "gold"}}`. A service that can be asked so has a web API; its manual tells the addresses.\n\nRecords keep their order. The same question is asked once and the answer remembered for a while. When the service is busy or down it is asked again; a record that gets no answer is put aside as a dead letter with the reason.\n\n**For your IT helper.** The answer is JSON. Calls run side by side; they are made again after `Retry-After` when the service gives it. Values are encoded, so that none can lead a call to another address. Without a connection only addresses of the public internet are called.':
    '当另一项服务知道与记录有关、需要放在记录旁边的内容时使用：顾客的分群、运费、评分。为每条记录询问该服务，地址中带有记录的值，应答放入一个字段：`{"customerId": 7}` 变为 `{"customerId": 7, "answer": {"segment": "gold"}}`。可以这样询问的服务具有 Web API，其手册写明地址。\n\n记录保持顺序。同样的问题只问一次，应答缓存一段时间。服务繁忙或停机时会再次询问；得不到应答的记录连同原因作为死信另存。\n\n**写给技术人员。**应答为 JSON。多个调用并行；服务给出 `Retry-After` 时，在其之后重试。值会经过编码，因此不会把调用引向别的地址。没有连接时只调用公网地址。',
  '1: each call carries one record, as most systems want it. More: each call carries a list of up to this many.':
    '1：每次调用带一条记录，多数系统如此要求。更多：每次调用带一个至多这么多条记录的列表。',
  'A text that you and the receiver keep secret. It adds a signature (HMAC-SHA256) and a timestamp, so that the receiver can tell real calls from forged ones. Empty: no signature.':
    '由你和接收方共同保密的文本。据此添加签名（HMAC-SHA256）和时间戳，让接收方能区分真实调用与伪造调用。留空：不签名。',
  '1 keeps the order of records. More is faster and may deliver out of order.':
    '1 保持记录的顺序。更多则更快，但送达可能乱序。',
  'How often a failed call is made again before its records become dead letters.':
    '调用失败后最多重试的次数，之后其记录成为死信。',
  'Use it to tell another system at once: a chat that a big order came in, the service desk that an order is late, the newsletter tool that a cart was left. Each record is sent to a web address that the other system gives you for this; its manual calls it a webhook.\n\nNothing is lost: when the other system is down or busy, the call is made again a few times, and then the record becomes a dead letter, which can be sent again later. After a crash a call may be made twice. It then carries the same `Idempotency-Key` (an id), by which the receiver can drop the repeat.\n\n**For whoever receives the calls.** The body is JSON. With several records a call, `x-millrace-delivery-ids` has the id of each, for calls may be cut otherwise after a crash; with one, `x-millrace-op` says `upsert` or `delete` for a row of a table. Answers 2xx count as delivered; 408, 425, 429 and 5xx are tried again, after `Retry-After` when it is given; any other answer makes a dead letter. With a signing secret the header `x-millrace-signature` is `sha256=` and the HMAC-SHA256 of `<timestamp>.<body>`, with the timestamp (seconds) in `x-millrace-timestamp`.':
    '用于立即通知另一个系统：通知聊天工具有大额订单，通知客服订单延误，通知邮件工具购物车被放弃。每条记录发送到对方系统为此提供的网址，其手册称之为 webhook。\n\n不会丢失：对方系统停机或繁忙时，调用会重试几次，之后记录成为死信，可以稍后重发。崩溃后一次调用可能发出两次，此时带有相同的 `Idempotency-Key`（编号），接收方可据此丢弃重复。\n\n**写给接收调用的人。**正文为 JSON。每次调用带多条记录时，`x-millrace-delivery-ids` 中有每条的编号，因为崩溃后调用可能分法不同；带一条时，`x-millrace-op` 对表的行写明 `upsert` 或 `delete`。应答 2xx 视为送达；408、425、429 和 5xx 会重试，给出 `Retry-After` 时则在其之后；其他应答使记录成为死信。设有签名密钥时，请求头 `x-millrace-signature` 为 `sha256=` 加 `<timestamp>.<body>` 的 HMAC-SHA256，时间戳（秒）在 `x-millrace-timestamp` 中。',
  'How messages are written; whoever sends them knows. JSON: one value a message. CSV: one row a message. Text: the message as it is, in one field.':
    '消息的写法，由发送方告知。JSON：每条消息一个值。CSV：每条消息一行。文本：消息原样放入一个字段。',
  json: 'JSON',
  'In the order of the cells of a row.': '与一行中单元格的顺序一致。',
  'Where a run begins that has read nothing yet: with the oldest record, only with new ones, or with those since a time. Later it goes on where it stopped.':
    '尚未读过任何内容的运行从哪里开始：最早的记录、只读新记录，或自某一时间起的记录。之后从停下的地方继续。',
  'ISO 8601, for example 2026-11-01T00:00:00Z.': 'ISO 8601，例如 2026-11-01T00:00:00Z。',
  'Stopped: goes on with new records as they come. End: what is there at the start, then the input ends.':
    '直到停止：新记录到来即继续读取。末尾：读完开始时已有的记录，输入随即结束。',
  'Name of a field that gets the key of the message as text.': '接收消息键（文本）的字段名称。',
  'Name of a field that gets the headers of the message as an object.': '接收消息头（对象）的字段名称。',
  'Name of a field that gets topic, partition, offset and timestamp of the message.':
    '接收消息的主题、分区、偏移和时间戳的字段名称。',
  'Messages without a value say that their key is deleted. With a name here they become records with that field set to true; else they are passed over.':
    '没有值的消息表示其键已删除。在此填名称后，它们成为该字段为 true 的记录；否则被略过。',
  'Kafka deletes old records after a while. When some were deleted before they were read: stop waits and says so, skip goes on with the oldest there are.':
    'Kafka 会在一段时间后删除旧记录。有记录未读就被删除时：停止则等待并显示，跳过则从现有最早的继续。',
  'Name (a consumer group) under which tools for Kafka see how far this source is. Only for display: where to go on is kept in the run. Default: millrace-, the workflow and the node.':
    'Kafka 工具据以查看此数据来源进度的名称（消费组）。仅用于显示：从何处继续由运行自身保存。默认：millrace- 加工作流和节点。',
  'Use it when the systems of your shop tell each other what happens through Kafka, a store of messages that larger companies run: each message, such as an order or a payment, becomes a record the moment it arrives. Without Kafka in your company you need another source: a database, a web API or files.\n\nEach message counts exactly once in the results, also after a crash. One that cannot be read becomes a dead letter with its place and the reason; reading goes on. When Kafka is down, refuses the password or does not know the topic, the node says so and tries again by itself.\n\n**For your IT helper.** The partitions of the topic (the parts in which Kafka keeps it) are read side by side, dealt out to the tasks of the node; new ones are found within half a minute and read from their start. How far each was read is saved with the run: no consumer group takes part in that, nothing is rebalanced, and the group that is updated only lets other tools see the progress. Only messages of committed transactions are read. Whole numbers beyond 2^53 are kept as text. Without a time field, the event time is the timestamp of the message.':
    '当商城的各系统通过 Kafka（大型公司使用的消息存储）互相告知发生了什么时使用：每条消息，例如订单或付款，一到达就成为一条记录。公司没有 Kafka 时，需要其他来源：数据库、Web API 或文件。\n\n每条消息在结果中恰好计一次，崩溃后也一样。无法读取的消息连同位置和原因成为死信；读取继续。Kafka 停机、拒绝密码或没有该主题时，节点会显示并自动重试。\n\n**写给技术人员。**主题的各分区（Kafka 存放主题的各个部分）并行读取，分配给节点的各任务；新分区在半分钟内发现，并从头读取。每个分区读到哪里随运行一起保存：这与消费组无关，不会发生再均衡，更新消费组只是让其他工具看到进度。只读取已提交事务的消息。超出 2^53 的整数保留为文本。没有时间字段时，事件时间为消息的时间戳。',
  'Name of the list of messages to which all records go; whoever looks after Kafka knows it.':
    '所有记录发往的消息列表的名称，Kafka 的管理者知道。',
  'In place of one topic for all: the field of the record that names its topic.':
    '代替统一的主题：记录中存放主题名称的字段。',
  'Field whose value becomes the key of the message, such as orderId: messages of one key stay in order, and rows of a table need one. Empty: messages are spread over the parts of the topic.':
    '其值作为消息键的字段，例如 orderId：同一键的消息保持顺序，表的行需要键。留空：消息分散到主题的各部分。',
  'Sends the value of this field instead of the whole record: text as it is, all else as JSON.':
    '只发送此字段的值，而不是整条记录：文本原样，其他为 JSON。',
  'Exactly once: in transactions; readers that ask for committed records see each once. At least once, where Kafka allows no transactions: after a crash a record may come again, with the same header millrace-id.':
    '恰好一次：使用事务，要求已提交记录的读取方只看到每条一次。至少一次（Kafka 不允许事务时）：崩溃后记录可能带着相同的消息头 millrace-id 再次到来。',
  gzip: 'gzip',
  snappy: 'snappy',
  lz4: 'lz4',
  'Use it when other systems of your shop listen to Kafka, a store of messages that larger companies run: each record, such as a paid order or a new total, is sent to them as a message.\n\nReaders that are set up for it see each record once, also after a crash. A record that the topic does not take, because it is too large for example, becomes a dead letter with the reason; the others go on. When Kafka is down, refuses the password or does not know the topic, the node says so and tries again by itself.\n\n**For your IT helper.** Messages are JSON, with the event time as timestamp and an id in the header `millrace-id` that stays the same when a record is sent again. Records of one key keep their order and go to the partition that other Kafka clients choose for it. Rows of a table are sent with their key; a deleted row becomes a message without value, which compacted topics (those that keep the last message of each key) understand. Needs Kafka 3.0 or newer.\n\n**Exactly once** (the default): records and the place up to which they were delivered go into one transaction that ends just before the task saves its progress. Readers that ask for committed records (`isolation.level=read_committed`) see each record once. The transactional ids and the groups that keep the place are named `millrace:<workflow>:<node>:…`. A workflow paused for longer than Kafka keeps the offsets of quiet groups (7 days unless set otherwise) falls back to at least once for its last moments.':
    '当商城的其他系统监听 Kafka（大型公司使用的消息存储）时使用：每条记录，例如已付款的订单或新的合计，作为一条消息发送给它们。\n\n按此设置的读取方只看到每条记录一次，崩溃后也一样。主题不接受的记录，例如过大的，连同原因成为死信；其他记录继续。Kafka 停机、拒绝密码或没有该主题时，节点会显示并自动重试。\n\n**写给技术人员。**消息为 JSON，以事件时间为时间戳，消息头 `millrace-id` 中的编号在重发记录时保持不变。同一键的记录保持顺序，并进入其他 Kafka 客户端也会选择的分区。表的行连同键发送；被删除的行成为没有值的消息，压缩主题（只保留每个键的最后一条消息）能够识别。需要 Kafka 3.0 或更新版本。\n\n**恰好一次**（默认）：记录与已送达的位置进入同一事务，事务恰在任务保存进度之前结束。要求已提交记录（`isolation.level=read_committed`）的读取方只看到每条记录一次。事务编号和保存位置的消费组命名为 `millrace:<workflow>:<node>:…`。工作流暂停的时间超过 Kafka 为静默消费组保留偏移的时长（未另设时为 7 天），其最后时刻的记录退为至少一次。',
  'Field that grows whenever a document is written, usually the time of the last change, such as updatedAt. With it, changed documents are read again. Empty: each document is read once, in the order of its id.':
    '每次写入文档都会增大的字段，通常是最后更改时间，例如 updatedAt。设定后，更改的文档会再次读取。留空：每个文档读取一次，按编号的顺序。',
  'Empty: all fields. The id and the changed field always come along.': '留空：所有字段。编号和更改字段总会带上。',
  'On: new and changed documents are read as they come. Off: reading ends with the last document.':
    '开启：新增和更改的文档随到随读。关闭：读完最后一个文档即结束。',
  'A document that was slow to be saved may show up after newer ones. It is still found for this long.':
    '保存较慢的文档可能在更新的文档之后才出现。在此时长内仍能找到。',
  'Names and types of the fields, so that the editor can offer them and check your rules. Learnt from a sample; may stay empty.':
    '字段的名称和类型，供编辑器提供选项并检查规则。从样本得出，可以留空。',
  'Use it when your shop keeps orders, customers or products in MongoDB and you want to work with them as they change: each document becomes a record. A collection of documents is what other databases call a table of rows. It is only read, never changed; a database user that may only read is enough.\n\nWith a changed field (one with the time of the last change, such as `updatedAt`) a document is read again whenever it changes. Without one each document is read once: right for collections to which documents are only added. Deleted documents are not noticed. A crash neither loses nor repeats a document.\n\n**For your IT helper.** Documents are read in the order of the changed field and `_id`, or of `_id` alone; an index over these makes it fast. Each of the two must be of one type in all documents. Ids become text (hex), dates ISO 8601, whole numbers beyond 2^53 and long decimals text, bytes base64 text.':
    '当商城的订单、顾客或商品保存在 MongoDB 中，并希望随其变化进行处理时使用：每个文档成为一条记录。文档的集合相当于其他数据库中由行组成的表。集合只被读取，绝不更改；只有读取权限的数据库用户即可。\n\n有更改字段（存放最后更改时间的字段，例如 `updatedAt`）时，文档每次更改都会再次读取。没有时，每个文档读取一次：适合只增加文档的集合。删除的文档不会被察觉。崩溃不会丢失或重复文档。\n\n**写给技术人员。**文档按更改字段和 `_id` 的顺序读取，或只按 `_id` 的顺序；在其上建索引可加快读取。两者在所有文档中各自必须为同一类型。编号变为文本（十六进制），日期变为 ISO 8601，超出 2^53 的整数和长的十进制数变为文本，字节变为 base64 文本。',
  'Fields that tell documents apart, such as orderId: a later record with the same values replaces the document. Empty: the field _id where a record has it; else each record becomes a document of its own.':
    '区分各文档的字段，例如 orderId：值相同的后一条记录替换该文档。留空：记录有字段 _id 时用它；否则每条记录各成为一个文档。',
  'Fields with a time, as text (ISO 8601) or milliseconds, that MongoDB shall keep as dates.':
    '存放时间（ISO 8601 文本或毫秒数）、需在 MongoDB 中存为日期的字段。',
  'Use it to put results into MongoDB, where your other programs find them: orders with their payment, totals per day, alerts. Each record becomes a document of a collection, which is what other databases call a table. The collection is made when it is missing.\n\nWith key fields, a later record of the same key replaces the document, and a row that is removed from a table removes it. After a crash a record may be sent again; it then replaces its own document instead of doubling it, so the result is as if each record was written once. A record that MongoDB refuses becomes a dead letter with the reason; the others go on.\n\n**For your IT helper.** The id of a document (`_id`) is made from the key fields. A write counts once a majority of the servers has it on disk.':
    '用于将结果放入 MongoDB，供其他程序使用：附带付款的订单、每日合计、告警。每条记录成为集合中的一个文档，集合相当于其他数据库中的表。集合不存在时自动创建。\n\n设定键字段后，键相同的后一条记录替换该文档，从表中移除的行会移除该文档。崩溃后记录可能重发；它替换自己的文档，而不会重复，因此结果等同于每条记录只写一次。MongoDB 拒绝的记录连同原因成为死信，其他记录继续。\n\n**写给技术人员。**文档的编号（`_id`）由键字段得出。多数服务器写入磁盘后，写入才算完成。',
  'Column that grows whenever a row is written, usually the time of the last change, such as updated_at. With it, changed rows are read again. Empty: each row is read once, in the order of its key.':
    '每次写入行都会增大的列，通常是最后更改时间，例如 updated_at。设定后，更改的行会再次读取。留空：每行读取一次，按键的顺序。',
  'Columns whose values no two rows share, such as id: usually the primary key of the table.':
    '任何两行的值都不相同的列，例如 id：通常是表的主键。',
  'Columns to read. Empty: all.': '要读取的列。留空：全部。',
  'On: new and changed rows are read as they come. Off: reading ends with the last row.':
    '开启：新增和更改的行随到随读。关闭：读完最后一行即结束。',
  'A row that was slow to be saved may show up after newer ones. It is still found for this long.':
    '保存较慢的行可能在更新的行之后才出现。在此时长内仍能找到。',
  'Use it when your shop keeps orders, customers or stock in this database and you want to work with them as they change: each row of a table becomes a record with a field for each column. The table is only read, never changed; a database user that may only read is enough.\n\nWith a changed column (one with the time of the last change, such as `updated_at`) a row is read again whenever it changes. Without one each row is read once: right for tables to which rows are only added. Deleted rows are not noticed, and rows whose changed column is empty are not read. A crash neither loses nor repeats a row.\n\n**For your IT helper.** Rows are read in the order of the changed column and the key columns, or of the key columns alone; an index over these makes it fast. A row that becomes visible late, because its transaction took long, is found for as long as "Wait for late rows" says. Values keep their exact meaning: whole numbers beyond 2^53 and long decimals arrive as text, times as ISO 8601, bytes as base64 text, JSON and lists as they are.':
    '当商城的订单、顾客或库存保存在此数据库中，并希望随其变化进行处理时使用：表的每行成为一条记录，每列一个字段。表只被读取，绝不更改；只有读取权限的数据库用户即可。\n\n有更改列（存放最后更改时间的列，例如 `updated_at`）时，行每次更改都会再次读取。没有时，每行读取一次：适合只增加行的表。删除的行不会被察觉，更改列为空的行不读取。崩溃不会丢失或重复行。\n\n**写给技术人员。**行按更改列和键列的顺序读取，或只按键列的顺序；在这些列上建索引可加快读取。因事务耗时而较晚可见的行，在“等待迟到行”所设时长内都能找到。值保持准确：超出 2^53 的整数和长的十进制数为文本，时间为 ISO 8601，字节为 base64 文本，JSON 和列表保持原样。',
  'insert: each record becomes a new row. upsert: a record replaces the row with the same key, and a row that is removed from a table is deleted. Totals, stock and other tables need upsert.':
    '插入：每条记录成为新的一行。插入或更新：记录替换键相同的行，从表中移除的行则被删除。合计、库存等表需要插入或更新。',
  'Only for upsert: the columns that tell rows apart, such as order_id. The table needs a unique index over exactly these: a rule that no two rows have the same values there.':
    '仅用于“插入或更新”：区分各行的列，例如 order_id。表需要恰好在这些列上有唯一索引，即规定任何两行在此的值都不相同。',
  'Empty: every column for which the record has a field.': '留空：记录中有对应字段的每一列。',
  'Use it to put results where your other programs and reports find them: totals per day, orders with their payment, alerts. Each record becomes a row of a table that is there already; a field goes into the column of the same name (`orderId` also finds `order_id`).\n\n*insert* adds a row for every record: right for events. *upsert* keeps one row per key and replaces it by the newest: right for totals and stock. Each record is written exactly once, also when something crashes. A record that the table refuses becomes a dead letter with the reason; the others go on.\n\n**For your IT helper.** Fields without a column are left out; columns without a field keep their default or, in an upsert, their value. Times may be ISO text or milliseconds, bytes are base64 text, objects and lists go into JSON columns. An upsert needs a unique index over exactly the key columns, and the table may have no other unique index that two records can share.\n\nIn the same transaction as the rows the node notes in the table `millrace_positions` how far it has come. It makes this table when it is missing and the database user may. Each new run adds a row there; you may delete rows whose `updated_at` lies further back than any workflow was ever paused.':
    '用于将结果放到其他程序和报表能找到的地方：每日合计、附带付款的订单、告警。每条记录成为已有表中的一行；字段写入同名的列（`orderId` 也能对应 `order_id`）。\n\n*插入*为每条记录增加一行：适合事件。*插入或更新*每个键保留一行，并以最新的替换：适合合计和库存。每条记录恰好写入一次，发生崩溃时也一样。表拒绝的记录连同原因成为死信，其他记录继续。\n\n**写给技术人员。**没有对应列的字段不写入；没有对应字段的列保持默认值，插入或更新时保持原值。时间可以是 ISO 文本或毫秒数，字节为 base64 文本，对象和列表写入 JSON 列。插入或更新需要恰好在键列上的唯一索引，而且表不能有两条记录可能冲突的其他唯一索引。\n\n节点在写入行的同一事务中，将已到达的位置记入表 `millrace_positions`。此表不存在且数据库用户有权限时，由节点创建。每次新的运行会在其中增加一行；`updated_at` 早于工作流最长暂停时间的行可以删除。',
  'Use it to add to each record what a table of this database knows about it: the customer of an order, the price of a product. From `{"customerId": 7}` and the row of customer 7 comes `{"customerId": 7, "found": {"id": 7, "name": "Ada", "country": "DE"}}`.\n\nThe table is only read. Rows are remembered for a while, so a change in the table is seen after that time at the latest. When the database is down or refuses the password, the node says so, waits and tries again.\n\n**For your IT helper.** The row is the one whose match columns equal the match fields. Rows are asked for many at a time; an index over the match columns makes that fast.':
    '用于为每条记录加上此数据库的表中与之有关的内容：订单的顾客、商品的价格。`{"customerId": 7}` 加上顾客 7 的行，得到 `{"customerId": 7, "found": {"id": 7, "name": "Ada", "country": "DE"}}`。\n\n表只被读取。行会缓存一段时间，因此表中的变化最迟在该时长之后可见。数据库停机或拒绝密码时，节点会显示，等待并重试。\n\n**写给技术人员。**取匹配列等于匹配字段的那一行。行成批查询；在匹配列上建索引可加快查询。',
  'Use it to put results where your other programs and reports find them: totals per day, orders with their payment, alerts. Each record becomes a row of a table that is there already; a field goes into the column of the same name (`orderId` also finds `order_id`).\n\n*insert* adds a row for every record: right for events. *upsert* keeps one row per key and replaces it by the newest: right for totals and stock. Each record is written exactly once, also when something crashes. A record that the table refuses becomes a dead letter with the reason; the others go on.\n\n**For your IT helper.** Fields without a column are left out; columns without a field keep their default or, in an upsert, their value. Times may be ISO text or milliseconds, bytes are base64 text, objects and lists go into JSON or list columns. An upsert needs a unique index over exactly the key columns.\n\nIn the same transaction as the rows the node notes in the table `millrace_positions` how far it has come. It makes this table when it is missing and the database user may. Each new run adds a row there; you may delete rows whose `updated_at` lies further back than any workflow was ever paused.':
    '用于将结果放到其他程序和报表能找到的地方：每日合计、附带付款的订单、告警。每条记录成为已有表中的一行；字段写入同名的列（`orderId` 也能对应 `order_id`）。\n\n*插入*为每条记录增加一行：适合事件。*插入或更新*每个键保留一行，并以最新的替换：适合合计和库存。每条记录恰好写入一次，发生崩溃时也一样。表拒绝的记录连同原因成为死信，其他记录继续。\n\n**写给技术人员。**没有对应列的字段不写入；没有对应字段的列保持默认值，插入或更新时保持原值。时间可以是 ISO 文本或毫秒数，字节为 base64 文本，对象和列表写入 JSON 列或列表列。插入或更新需要恰好在键列上的唯一索引。\n\n节点在写入行的同一事务中，将已到达的位置记入表 `millrace_positions`。此表不存在且数据库用户有权限时，由节点创建。每次新的运行会在其中增加一行；`updated_at` 早于工作流最长暂停时间的行可以删除。',
  'When there is no such queue. Never: wait until somebody makes it. Quorum: make one that is kept on several servers. Classic: make one that is kept on one server. Both survive a restart.':
    '没有该队列时。从不：等待他人创建。仲裁队列：创建保存在多台服务器上的队列。经典队列：创建保存在一台服务器上的队列。两者重启后都保留。',
  'After a crash RabbitMQ delivers messages again. The id that the sender gave a message (message-id) tells a repeat from a new one. Optional: messages without an id are taken as new. Required: messages without one become dead letters, all others count exactly once. Ignored: each is taken as new; for senders that use an id twice.':
    '崩溃后 RabbitMQ 会重新投递消息。发送方给消息的编号（message-id）用于区分重复与新消息。可选：没有编号的消息视为新消息。必需：没有编号的消息成为死信，其他消息恰好计一次。忽略：每条都视为新消息，用于会重复使用编号的发送方。',
  'How many messages RabbitMQ hands out before the first of them are done.':
    'RabbitMQ 在最先的消息处理完之前，最多发出多少条消息。',
  'Name of a field that gets exchange, routing key, message id, headers, type and timestamp of the message.':
    '接收消息的交换机、路由键、消息编号、消息头、类型和时间戳的字段名称。',
  'Use it when the systems of your shop leave messages for one another in RabbitMQ: each message of a queue, such as an order or a payment, becomes a record the moment it arrives. It is removed from the queue only when its result is saved, so none is lost by a crash.\n\nGive the node a queue of its own: what another program takes from a queue, the node never sees. A message that cannot be read becomes a dead letter with the reason and blocks no others. When RabbitMQ is down, refuses the password or does not have the queue, the node says so and tries again by itself.\n\n**For your IT helper.** A message that the server delivers again is told by its `message-id`: one that was among the last 10,000 is dropped, also after a restart. With ids **required** each message counts exactly once; without ids a message may count twice after a crash. Messages that cannot be read are acknowledged too. Without a time field, the event time is the timestamp of the message, if it has one. Quorum and classic queues both work. One task reads a queue; use several nodes for several queues.':
    '当商城的各系统在 RabbitMQ 中互相留下消息时使用：队列的每条消息，例如订单或付款，一到达就成为一条记录。只有在其结果保存之后才从队列移除，因此崩溃不会丢失消息。\n\n请为节点单独准备一个队列：被其他程序从队列取走的消息，节点看不到。无法读取的消息连同原因成为死信，不会堵塞其他消息。RabbitMQ 停机、拒绝密码或没有该队列时，节点会显示并自动重试。\n\n**写给技术人员。**服务器重新投递的消息由 `message-id` 识别：属于最近 10,000 条的被丢弃，重启后也一样。编号为**必需**时，每条消息恰好计一次；没有编号时，崩溃后消息可能计两次。无法读取的消息同样会被确认。没有时间字段时，事件时间为消息的时间戳（如果有）。仲裁队列和经典队列都可用。一个任务读取一个队列；多个队列用多个节点。',
  'Name of the queue that gets the messages. Leave it empty to send to an exchange.':
    '接收消息的队列的名称。要发送到交换机时留空。',
  'Only with an exchange: the word by which it decides which queues get a message.':
    '仅用于交换机：交换机据此决定哪些队列得到消息的词。',
  'In place of one routing key for all: the field of the record that holds it.':
    '代替统一的路由键：记录中存放路由键的字段。',
  'Use it when other systems of your shop take their work from RabbitMQ: each record, such as an order to pack, is put into a queue as a message, and one of them takes it from there.\n\nNothing is lost: a record counts as delivered only when RabbitMQ has confirmed it. When the confirmation gets lost the message is sent again with the same id (`message-id`), by which a reader can tell the repeat, as Read RabbitMQ does. When RabbitMQ is down, refuses the password or lacks the queue or exchange, the node says so and tries again by itself.\n\n**For your IT helper.** Messages are JSON and persistent: they survive a restart of RabbitMQ. Records of a table, whose rows replace one another, carry the header `millrace-op`: `upsert` (a new or changed row) or `delete`. A message that no queue takes is not thrown away: with a fixed routing key the node shows it and waits until a queue is bound to the exchange; with one from a field the record becomes a dead letter.':
    '当商城的其他系统从 RabbitMQ 领取工作时使用：每条记录，例如待打包的订单，作为一条消息放入队列，由其中一个系统取走。\n\n不会丢失：RabbitMQ 确认后记录才算送达。确认丢失时，消息以相同的编号（`message-id`）重发，读取方可据此识别重复，“读取 RabbitMQ”即如此。RabbitMQ 停机、拒绝密码或缺少队列或交换机时，节点会显示并自动重试。\n\n**写给技术人员。**消息为 JSON，持久保存：RabbitMQ 重启后仍在。表（行会互相替换）的记录带有消息头 `millrace-op`：`upsert`（新增或更改的行）或 `delete`。没有队列接收的消息不会被丢弃：路由键固定时，节点会显示并等待队列绑定到交换机；路由键取自字段时，记录成为死信。',
  'Name (key) of the stream in Redis.': '流在 Redis 中的名称（键）。',
  'JSON: one field of an entry holds the record. Fields: the fields of an entry are those of the record, as text.':
    'JSON：条目的一个字段存放记录。字段：条目的各字段就是记录的字段，均为文本。',
  'Where a run begins that has read nothing yet: with the oldest entry, only with new ones, or with those since a time. Later it goes on where it stopped.':
    '尚未读过任何内容的运行从哪里开始：最早的条目、只读新条目，或自某一时间起的条目。之后从停下的地方继续。',
  'Stopped: goes on with new entries as they come. End: what is there at the start, then the input ends.':
    '直到停止：新条目到来即继续读取。末尾：读完开始时已有的条目，输入随即结束。',
  'Name of a field that gets the id of the entry.': '接收条目编号的字段名称。',
  'Use it when a program of your shop writes down what happens in a Redis stream, a list that only grows at its end: each entry, such as an order or a click, becomes a record the moment it is written. Nothing is removed from the stream.\n\nEach entry counts exactly once in the results, also after a crash. One that cannot be read becomes a dead letter with its id and the reason. When Redis is down or refuses the password, the node says so and tries again by itself.\n\n**For your IT helper.** The record is the JSON in one field of the entry, or its fields as text. The id of the last entry done is saved with the run; no consumer group is used. Without a time field, the event time is the time in the id of the entry. Redis 5 or newer; no Redis Cluster.':
    '当商城的程序将发生的事写入 Redis 流（只在末尾增长的列表）时使用：每个条目，例如订单或点击，一写入就成为一条记录。不从流中移除任何内容。\n\n每个条目在结果中恰好计一次，崩溃后也一样。无法读取的条目连同编号和原因成为死信。Redis 停机或拒绝密码时，节点会显示并自动重试。\n\n**写给技术人员。**记录为条目某一字段中的 JSON，或其各字段的文本。最后处理完的条目编号随运行一起保存；不使用消费组。没有时间字段时，事件时间为条目编号中的时间。Redis 5 或更新版本；不支持 Redis Cluster。',
  'JSON: the record in one field. Fields: each field of the record is one of the entry, as text.':
    'JSON：记录放在一个字段中。字段：记录的每个字段成为条目的一个字段，均为文本。',
  'How many entries stay in the stream; older ones are removed. Empty: all.':
    '流中保留多少条目；更旧的被移除。留空：全部保留。',
  'Use it to hand records on to programs that read a Redis stream, a list that only grows at its end: each record becomes a new entry.\n\nEach record is added once, also after a crash. When Redis is down, full or refuses the password, the node says so and tries again by itself.\n\n**For your IT helper.** The record is one JSON text in the field `data`, or its fields are those of the entry. `millrace-id` is an id that stays the same when a record is sent again; `millrace-op` marks rows of a table: `upsert` (new or changed) or `delete`. Entries are added in one step with the place up to which they were delivered (a key `millrace:place:…`). All this holds as long as Redis keeps its data: with the usual settings (append-only file flushed each second) a power failure of its machine can lose the last second. Redis 5 or newer; no Redis Cluster.':
    '用于将记录交给读取 Redis 流（只在末尾增长的列表）的程序：每条记录成为一个新条目。\n\n每条记录只添加一次，崩溃后也一样。Redis 停机、已满或拒绝密码时，节点会显示并自动重试。\n\n**写给技术人员。**记录作为一个 JSON 文本放在字段 `data` 中，或其各字段成为条目的字段。`millrace-id` 是重发记录时保持不变的编号；`millrace-op` 标明表的行：`upsert`（新增或更改）或 `delete`。条目与已送达的位置（键 `millrace:place:…`）一步添加。前提是 Redis 保有数据：在通常设置下（追加文件每秒刷盘），其所在机器断电可能丢失最后一秒。Redis 5 或更新版本；不支持 Redis Cluster。',
  'Field that tells the values apart, such as sku.': '区分各个值的字段，例如 sku。',
  'Keeps the value of this field instead of the whole record: text as it is, all else as JSON.':
    '只保存此字段的值，而不是整条记录：文本原样，其他为 JSON。',
  'JSON: the value is one text. Hash: each field of the record is kept as a named text of its own under the key.':
    'JSON：值为一个文本。哈希：记录的每个字段在该键下各存为一个带名称的文本。',
  'A key that was not written for this long goes. Empty: never.': '这么久未写入的键被移除。留空：从不。',
  'Use it to keep the present state of things where web pages and programs can read it in no time: the stock of each product under `stock:MUG`, `stock:CUP` and so on. Redis is a fast store of values under names (keys). Each record replaces what was kept under its key; a row that is removed from a table removes its key.\n\nAfter a crash an older value never replaces a newer one. When Redis is down, full or refuses the password, the node says so and tries again by itself.\n\n**For your IT helper.** The key is the prefix and a field of the record; the value is the record as JSON, one of its fields, or a hash of its fields. Values change in one step with the place up to which they were delivered (a key `millrace:place:…`). All this holds as long as Redis keeps its data: with the usual settings a power failure of its machine can lose the last second. No Redis Cluster.':
    '用于将事物的当前状态保存在网页和程序能立即读取的地方：例如每件商品的库存放在 `stock:MUG`、`stock:CUP` 等之下。Redis 是按名称（键）快速存取值的存储。每条记录替换其键下原有的内容；从表中移除的行会移除其键。\n\n崩溃后旧值绝不会替换新值。Redis 停机、已满或拒绝密码时，节点会显示并自动重试。\n\n**写给技术人员。**键由前缀和记录的一个字段组成；值为整条记录的 JSON、其中一个字段，或由其字段组成的哈希。值与已送达的位置（键 `millrace:place:…`）一步更改。前提是 Redis 保有数据：在通常设置下，其所在机器断电可能丢失最后一秒。不支持 Redis Cluster。',
  'Field that says what to look up, such as sku.': '说明要查找什么的字段，例如 sku。',
  'How Redis keeps the values: as JSON texts, as plain texts, or as hashes (several named texts under one key).':
    'Redis 保存值的方式：JSON 文本、普通文本，或哈希（一个键下有多个带名称的文本）。',
  'Name of the field that gets what was found.': '接收查到内容的字段名称。',
  'Null: the field stays empty. Fail: the record counts as an error of the node, and becomes a dead letter unless the node is set otherwise.':
    '留空：字段为空。失败：记录按节点出错处理，未另设时成为死信。',
  'How long an answer may be used again without asking, also the answer that there is nothing. 0: always ask.':
    '应答（包括“没有值”）在多久之内可直接再用而不查询。0：每次都查询。',
  'Use it when your shop keeps something in Redis, a fast store of values under names (keys), and you want it beside each record: the product of an order line, the price of a day. From `{"sku": "MUG"}` and what Redis holds under `product:MUG` comes `{"sku": "MUG", "product": {"name": "Mug", "price": 9}}`.\n\nAnswers are remembered for a while, so a change in Redis is seen after that time at the latest; results therefore depend on when they were made. When Redis is down or refuses the password, the node says so, waits and tries again; no record is lost or passed on without its value.\n\n**For your IT helper.** A key is the prefix and the value of the field. Many keys are asked for at once.':
    '当商城在 Redis（按名称，即键，快速存取值的存储）中保存了内容，并希望放在每条记录旁边时使用：订单明细的商品、当日价格。`{"sku": "MUG"}` 加上 Redis 中 `product:MUG` 的内容，得到 `{"sku": "MUG", "product": {"name": "Mug", "price": 9}}`。\n\n应答缓存一段时间，因此 Redis 中的变化最迟在该时长之后可见；结果也因此取决于得出的时间。Redis 停机或拒绝密码时，节点会显示，等待并重试；记录不会丢失，也不会缺少值就传出。\n\n**写给技术人员。**键由前缀和字段的值组成。多个键一次查询。',
  'End of the address: what to follow there, such as /channels/orders. Empty: the address of the connection as it is.':
    '地址的末尾：要跟随的内容，例如 /channels/orders。留空：原样使用连接的地址。',
  'plain: any feed that sends JSON. millrace: a live channel of another Millrace, which numbers its records and sends again what was missed.':
    '原样：任何发送 JSON 的数据流。millrace：另一个 Millrace 的实时频道，它为记录编号，并补发错过的记录。',
  millrace: 'Millrace',
  'Sent each time the line is opened, for feeds that want to be told what to send; their manual has the texts.':
    '每次建立连接后发送，用于需要告知发送内容的数据流；文本见其手册。',
  'Name of the record or list in a message. Messages without it are left out. Empty: the whole message.':
    '消息中记录或列表的名称。没有它的消息不计入。留空：整条消息。',
  'Field that counts up by one with each record: says how many were missed while the line was cut.':
    '每条记录递增 1 的字段：由此得知断线期间错过了多少条。',
  'Use it for data that another system sends live and without being asked: exchange rates, prices of a marketplace, a live channel of another Millrace. A WebSocket is the open line on which such feeds come. Whoever offers the feed tells you its address, and what it wants to be told first.\n\nWhen the line is cut it is opened again by itself. What was sent meanwhile is usually lost; so that nobody takes the data for complete, each interruption makes a record at the output `gaps`: from when to when, why, and how many records were missed where that is known.\n\n**For your IT helper.** Messages are JSON. A record of `gaps` is `{ from, to, reason, missed }`. A live channel of another Millrace sends the last 1,000 records or 60 seconds again, so short interruptions miss nothing.':
    '用于其他系统主动实时发送的数据：汇率、交易平台的价格、另一个 Millrace 的实时频道。WebSocket 是此类数据流所用的长连接。数据流的地址以及需要先告知它的内容，由提供方说明。\n\n断线后自动重连。期间发送的内容通常会丢失；为避免误以为完整，每次中断在输出 `gaps` 产生一条记录：起止时间、原因，以及已知时错过的记录数。\n\n**写给技术人员。**消息为 JSON。`gaps` 的记录为 `{ from, to, reason, missed }`。另一个 Millrace 的实时频道会补发最近 1,000 条记录或 60 秒的内容，因此短暂中断不会错过任何记录。',
  'Name under which others follow it: lower-case letters, digits, - and _.':
    '供其他程序跟随的名称：小写字母、数字、- 和 _。',
  'Stands around values that contain a delimiter or a line break.': '括住含有分隔符或换行的值。',
  'Use it to show something live on a page or screen of your own: each record is sent, the moment it passes, to everyone who follows the channel. Records that nobody follows are not kept: to keep them, write them to a file or a database as well. A table to look at in Millrace itself is the operator Live table.\n\nWho was away for a moment gets what was missed: the last 1,000 records or 60 seconds are kept. Who was away longer, or reads too slowly, is told how many records are missing and is never waited for.\n\n**For whoever programs the page.** Open a WebSocket to `/channels/<channel>` of this server with an API token (the role `viewer` is enough); each record comes as `{ seq, time, op, value }`. Come back with `?since=<seq>&epoch=<epoch>`, both from what came before, to get what was missed; `{ gap: { from, to, count } }` stands for what is gone. A restart of the server begins a new count.':
    '用于在自建的网页或屏幕上实时显示内容：每条记录经过时，立即发送给关注该频道的所有人。无人关注的记录不会保留：需要保留时，请同时写入文件或数据库。要在 Millrace 中查看表格，请用操作符“实时表格”。\n\n短暂离开者会得到错过的内容：保留最近 1,000 条记录或 60 秒。离开更久或读取过慢者会得知缺少多少条记录，而且不会等待这样的读取方。\n\n**写给编写网页的人。**带 API 令牌（角色 `viewer` 即可）打开到本服务器 `/channels/<channel>` 的 WebSocket；每条记录形如 `{ seq, time, op, value }`。以 `?since=<seq>&epoch=<epoch>`（两者都取自之前收到的内容）重新连接，可得到错过的记录；`{ gap: { from, to, count } }` 代表已不存在的内容。服务器重启后重新计数。',
  'End of the address: where to send to, such as /orders. Empty: the address of the connection as it is.':
    '地址的末尾：发送到哪里，例如 /orders。留空：原样使用连接的地址。',
  'none: a record counts as delivered once it is sent. millrace: only when the other side is a node HTTP in of another Millrace, which confirms each record when it is on disk.':
    '无：记录发出即视为送达。millrace：仅当对方是另一个 Millrace 的“HTTP 接入”节点时，记录写入磁盘后逐条确认。',
  'Use it to pass records on live to a system that takes them over a WebSocket, an open line between two programs: a board of your own, a partner, another Millrace. Where nothing may be lost, take the operator Webhook instead, or send to another Millrace.\n\nRecords are sent in order, each as one message. When the line is cut it is opened again by itself; plain servers do not say what has arrived, so records that were on their way are lost. Another Millrace confirms each record once it is on disk: then every record arrives, and one that is sent again carries the same id and is taken once.\n\n**For your IT helper.** Messages are JSON. A slow receiver slows the node down.':
    '用于将记录实时传给通过 WebSocket（两个程序之间的长连接）接收的系统：自建的看板、合作伙伴、另一个 Millrace。不允许丢失时，请改用操作符“Webhook”，或发送到另一个 Millrace。\n\n记录按顺序发送，每条一条消息。断线后自动重连；普通服务器不告知已收到哪些，因此在途的记录会丢失。另一个 Millrace 在每条记录写入磁盘后确认：这样每条记录都会到达，重发的记录带有相同编号，只接收一次。\n\n**写给技术人员。**消息为 JSON。接收方慢时节点随之变慢。',
  'Only for a time field with numbers, which count from the beginning of 1970. Today ms have 13 digits, s have 10.':
    '仅用于数字形式的时间字段，从 1970 年初算起。目前毫秒为 13 位数字，秒为 10 位。',
  'When each record happened. Needed where a later step goes by time, such as totals per day; else leave it as it is.':
    '每条记录何时发生。后续步骤按时间处理（例如每日合计）时才需要，否则保持不变。',
  'The sign between two cells of a row.': '一行中两个单元格之间的符号。',
  'Name of the field that gets the text.': '接收文本的字段名称。',
  'How often the table is asked for news. Shorter shows changes sooner and asks the database more often.':
    '多久查询一次表中的新内容。越短越早看到变化，查询数据库也越频繁。',
  'Name of the collection, such as orders: what other databases call a table.':
    '集合的名称，例如 orders：相当于其他数据库中的表。',
  'How often the collection is asked for news. Shorter shows changes sooner and asks the database more often.':
    '多久查询一次集合中的新内容。越短越早看到变化，查询数据库也越频繁。',
  'Shorter brings news sooner. Many services limit how often they may be asked.':
    '越短越早得到新内容。许多服务限制询问的频率。',
  'Number of the first page: 1 with most services, 0 with some.': '首页的编号：多数服务为 1，有些为 0。',
  'Notes that the receiver wants beside each call, such as X-Shop: north; its manual tells. No passwords: whoever sees the workflow sees them.':
    '接收方要求每次调用附带的请求头，例如 X-Shop: north，见其手册。不要填写密码：能看到工作流的人都能看到。',
  'Name of the list of messages to read; whoever looks after Kafka knows it.':
    '要读取的消息列表的名称，Kafka 的管理者知道。',
  'Makes messages smaller for some more work. None always works; whoever looks after Kafka knows what readers can unpack.':
    '以少量计算使消息更小。“无”总是可行；读取方能解压哪些，Kafka 的管理者知道。',
  'Name of the queue to read; whoever looks after RabbitMQ knows it.': '要读取的队列的名称，RabbitMQ 的管理者知道。',
  'In place of a queue: the name of the exchange, which deals messages out to queues.':
    '代替队列：交换机的名称，由它将消息分发到各队列。',
  'Stands before the value of the field: with product: in front, MUG is looked up as product:MUG.':
    '写在字段的值之前：前面为 product: 时，MUG 按 product:MUG 查找。',
  'What was used longest ago is forgotten first.': '最久没有用到的先被遗忘。',
  'Records with what was found': '附带查到内容的记录',
  'Field of an entry that holds the JSON.': '条目中存放 JSON 的字段。',
  'Stands before the value of the field: with stock: in front, MUG is kept under stock:MUG.':
    '写在字段的值之前：前面为 stock: 时，MUG 保存在 stock:MUG 之下。',
  'One record for each interruption': '每次中断一条记录',
  'How long a sale lasts.': '一次闪购持续多久。',
  'How many times more people come meanwhile.': '其间来访人数为平时的多少倍。',
  'How many different products the shop sells.': '商城销售的不同商品数。',
  'Stands above the table. Default: the name.': '显示在表格上方。默认：名称。',
  'Rows are put into order by this field.': '各行按此字段排序。',
};
