/** Help of the connectors and of their settings in Chinese, by the English text. */
export const zhHelpConnectors: { readonly [english: string]: string } = {
  'Where the system is and how to sign in, kept under a name.': '系统的位置和登录方式，以名称保存。',
  'Name of the table, with its schema in front where it is not the usual one.':
    '表的名称；不在默认模式中时，前面加上模式名。',
  'Event time: the later one, whenever it arrives. Stream order: the one that comes last in the stream.':
    '事件时间：以较晚的为准，无论何时到达。流中顺序：以流中最后到的为准。',
  'A field goes into the column of the same name; `orderId` also finds `order_id`. Each row is written whole with a write time made from the record, so a record that is sent again after a crash changes nothing and never beats a newer one: the result is as if each record was written once. A record that says its row is gone deletes it. Tables with counters are refused, because a repeated addition cannot be told from a new one. A record that does not fit becomes a dead letter with the reason; the others go on. A Cassandra on a single server with its usual settings may itself forget what it confirmed in the last moments before it crashes; ask who runs it to keep several copies, or to set `commitlog_sync: batch`.':
    '字段写入同名的列；`orderId` 也能对应 `order_id`。每行整行写入，写入时间由记录得出，因此崩溃后重发的记录不产生变化，也绝不会盖过更新的记录：结果等同于每条记录只写一次。表示行已不存在的记录会删除该行。含计数器的表会被拒绝，因为无法区分重复的累加与新的累加。不合适的记录连同原因成为死信，其他记录继续。在单台服务器上使用默认设置的 Cassandra，崩溃时可能会自行丢失最后片刻已确认的写入；请让其管理者保留多个副本，或设置 `commitlog_sync: batch`。',
  'Fields of the record that say which row to look up.': '记录中说明要查找哪一行的字段。',
  'Columns of the table that hold these values, in the same order. Empty: columns named like the fields.':
    '表中存放这些值的列，顺序一致。留空：与字段同名的列。',
  'Empty: all columns of the row.': '留空：该行的所有列。',
  'Name of the field that gets the row.': '接收该行的字段名称。',
  'null: the field stays empty. skip: the record ends here. dead-letter: the record is kept aside with the reason.':
    '留空：字段为空。跳过：记录到此结束。死信：记录连同原因另存。',
  'A row that changes is seen after this time at the latest. 0: always ask.':
    '行的变化最迟在此时长之后可见。0：每次都查询。',
  'The rows used longest ago are forgotten first.': '最久没有用到的行先被遗忘。',
  'For each record the row whose key columns equal the match fields is put into one field, as an object with a field for each column. The match columns must be the partition key, or begin with it. Rows are asked for many at a time and remembered for a while, so a change in the table is seen after that time at the latest.':
    '对每条记录，将键列等于匹配字段的行作为对象放入一个字段，每列一个字段。匹配列必须是分区键，或以它开头。行成批查询并缓存一段时间，因此表中的变化最迟在该时长之后可见。',
  'A file, or a pattern for several: * and ? stand for characters, ** for folders at any depth. Names ending in .gz are unpacked.':
    '一个文件，或匹配多个文件的模式：* 和 ? 代表字符，** 代表任意层的目录。以 .gz 结尾的文件自动解压。',
  'Auto: .csv and .tsv are CSV, everything else has one JSON value per line.':
    '自动：.csv 和 .tsv 为 CSV，其他文件每行一个 JSON 值。',
  CSV: 'CSV',
  'Default: a comma, a tab for .tsv.': '默认：逗号；.tsv 为制表符。',
  'For files without a header, or to rename the columns of one. Default without both: column1, column2, …':
    '用于没有表头的文件，或为列重新命名。两者都没有时默认：column1、column2、…',
  'What a column holds; all others are text. Empty cells of columns that are no text become empty (null).':
    '各列的内容类型；其余各列为文本。非文本列的空单元格变为空（null）。',
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
  'Where the records wait on disk. The server sets it; for a run by hand, the folder of a log.':
    '记录在磁盘上等待的位置。由服务器设定；手动运行时填日志目录。',
  'Other systems send JSON to `POST /ingest/<workflow id>/<node id>` with an API token: one object, a list of objects, or one object a line (`application/x-ndjson`). The answer 202 means that the records are on disk and will be processed once. With an `Idempotency-Key` a request can be repeated for 24 hours without being taken twice. 429 means that too many records wait: send again after `Retry-After`.':
    '其他系统带 API 令牌将 JSON 发送到 `POST /ingest/<workflow id>/<node id>`：一个对象、对象列表，或每行一个对象（`application/x-ndjson`）。应答 202 表示记录已写入磁盘，并将处理一次。带有 `Idempotency-Key` 的请求在 24 小时内可以重复发送而不会重复接收。429 表示等待的记录过多：在 `Retry-After` 之后重发。',
  'The web API with its sign-in. Empty: the address below is called without one.':
    'Web API 及其登录方式。留空：直接调用下面的地址，不登录。',
  'What is asked. With a connection only the part behind its address, such as /orders?status=paid.':
    '请求的内容。有连接时只填其地址之后的部分，例如 /orders?status=paid。',
  'Name of the list in the answer, such as data.orders. Empty: the answer itself is the list.':
    '应答中列表的名称，例如 data.orders。留空：应答本身就是列表。',
  'link: the answer names the next page in its Link header. cursor: a field of the answer. page: pages are numbered. offset: records are counted.':
    '链接：应答在 Link 头中给出下一页。游标：应答中的一个字段。页码：按页编号。偏移：按记录计数。',
  'Field of the answer that holds the cursor, or the whole address, of the next page.':
    '应答中存放下一页游标或完整地址的字段。',
  'Name in the address. Default cursor.': '在地址中的名称。默认 cursor。',
  'Name in the address. Default page.': '在地址中的名称。默认 page。',
  'Name in the address. Default offset.': '在地址中的名称。默认 offset。',
  'Name in the address. Default limit.': '在地址中的名称。默认 limit。',
  'A shorter page is the last one. Empty: pages are read until one is empty.':
    '不足此数的页是最后一页。留空：读到空页为止。',
  'Field of a record that grows with each change. Its highest value is sent in the next round.':
    '记录中每次变化都会增大的字段。其最大值在下一轮中发送。',
  'Name in the address under which that value is sent, such as updated_since.':
    '发送该值时在地址中的名称，例如 updated_since。',
  'A record whose values here came before is left out. Take id and changed-at to see changes too.':
    '这里的值以前出现过的记录不计入。填入编号和更改时间可以看到变化。',
  'How many of the last ones are known again.': '能再次识别的最近记录数。',
  'Calls an address at a steady pace and takes the records from its JSON answer, page by page. An answer that has not changed (ETag, Last-Modified) costs nothing. What has been read is kept with the rest of the progress, so a restart goes on at the same page. Choose the fields a record is known by, so that each is taken once although every round may list it again. When the system is busy or down, the node says so and tries again by itself, after `Retry-After` when it is given. Answers may have up to 1 MiB; ask for smaller pages if they are larger. Without a connection only public addresses are called.':
    '按固定节奏调用一个地址，逐页取出 JSON 应答中的记录。没有变化的应答（ETag、Last-Modified）没有开销。已读到的位置与其他进度一起保存，因此重启后从同一页继续。选择识别记录的字段，这样即使每轮都再次列出，每条也只取一次。对方系统繁忙或停机时，节点会显示并自动重试；给出 `Retry-After` 时则在其之后重试。应答最大 1 MiB；更大时应请求更小的页。没有连接时只调用公网地址。',
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
  'null: the field stays empty. fail: the record goes aside.': '留空：字段为空。失败：记录另存。',
  'The same question is not asked again in this time. 0 asks always.': '在此时长内不重复同样的请求。0：每次都请求。',
  'Records keep their order whatever this is.': '无论取何值，记录都保持顺序。',
  'How often a failed call is made again before its record goes aside.': '调用失败后最多重试的次数，之后记录另存。',
  'For each record one call is made, with values of the record in the address, and the JSON answer is put into a field: a customer’s segment, a shipping price, a score. Calls run side by side, records keep their order. The same question is asked once and remembered for a while. When the system is busy or down the call is made again, after `Retry-After` when it is given; a record without an answer goes aside with its reason. Values are encoded, so a value of a record can never lead the call to another address. Without a connection only public addresses are called.':
    '为每条记录调用一次，地址中带有记录的值，JSON 应答放入一个字段：顾客的分群、运费、评分。多个调用并行，记录保持顺序。同样的请求只发一次，并缓存一段时间。对方系统繁忙或停机时会再次调用；给出 `Retry-After` 时则在其之后重试；没有应答的记录连同原因另存。值会经过编码，因此记录的值绝不会把调用引向别的地址。没有连接时只调用公网地址。',
  '1: the body is the record. More: the body is a list of up to this many records.':
    '1：正文就是记录。更多：正文是至多这么多条记录的列表。',
  'Adds a signature (HMAC-SHA256) and a timestamp, so that the receiver can tell real calls from forged ones.':
    '添加签名（HMAC-SHA256）和时间戳，让接收方能区分真实调用与伪造调用。',
  '1 keeps the order of records. More is faster and may deliver out of order.':
    '1 保持记录的顺序。更多则更快，但送达可能乱序。',
  'How often a failed call is made again before its records become dead letters.':
    '调用失败后最多重试的次数，之后其记录成为死信。',
  'Each call carries an `Idempotency-Key` that stays the same when the call is made again, so the receiver can drop repeats. Answers 2xx count as delivered; 408, 425, 429 and 5xx are tried again, after `Retry-After` when it is given; any other answer makes a dead letter. With a signing secret the header `x-millrace-signature` is `sha256=` and the HMAC-SHA256 of `<timestamp>.<body>`, with the timestamp (seconds) in `x-millrace-timestamp`.':
    '每次调用带有 `Idempotency-Key`，重试时保持不变，接收方可据此丢弃重复。应答 2xx 视为送达；408、425、429 和 5xx 会重试，给出 `Retry-After` 时则在其之后；其他应答使记录成为死信。设有签名密钥时，请求头 `x-millrace-signature` 为 `sha256=` 加 `<timestamp>.<body>` 的 HMAC-SHA256，时间戳（秒）在 `x-millrace-timestamp` 中。',
  'JSON: one value a message. CSV: one row a message. Text: the message as it is, in one field.':
    'JSON：每条消息一个值。CSV：每条消息一行。文本：消息原样放入一个字段。',
  json: 'JSON',
  'In the order of the cells of a row.': '与一行中单元格的顺序一致。',
  'Where a fresh run begins: the oldest record, only new ones, or those since a time.':
    '全新运行从哪里开始：最早的记录、只读新记录，或自某一时间起的记录。',
  'ISO 8601, for example 2026-11-01T00:00:00Z.': 'ISO 8601，例如 2026-11-01T00:00:00Z。',
  'Stopped: goes on with new records as they come. End: what is there at the start, then the input ends.':
    '直到停止：新记录到来即继续读取。末尾：读完开始时已有的记录，输入随即结束。',
  'Name of a field that gets the key of the message as text.': '接收消息键（文本）的字段名称。',
  'Name of a field that gets the headers of the message as an object.': '接收消息头（对象）的字段名称。',
  'Name of a field that gets topic, partition, offset and timestamp of the message.':
    '接收消息的主题、分区、偏移和时间戳的字段名称。',
  'Messages without a value say that their key is deleted. With a name here they become records with that field set to true; else they are passed over.':
    '没有值的消息表示其键已删除。在此填名称后，它们成为该字段为 true 的记录；否则被略过。',
  'Kafka deletes old records. Stop: wait and show it when some were deleted unread. Skip: go on with the oldest.':
    'Kafka 会删除旧记录。停止：有未读记录被删除时，等待并显示。跳过：从最早的记录继续。',
  'Consumer group under which tools see how far this source is. Only for display: where to go on is kept in the run. Default: millrace-, the workflow and the node.':
    '工具据以查看此数据来源进度的消费组。仅用于显示：从何处继续由运行自身保存。默认：millrace- 加工作流和节点。',
  'Each message becomes a record: JSON, a CSV row or plain text. The partitions of the topic (the parts in which Kafka keeps it) are read side by side, dealt out to the tasks of the node; new partitions are found within half a minute and read from their start.\n\nHow far each partition was read is part of what a run saves, so that after a crash every message counts exactly once in the results. No consumer group takes part in that: nothing is rebalanced, and the group that is updated only lets other tools see the progress. Only messages of committed transactions are read.\n\nA message that cannot be read becomes a dead letter with its offset and the reason; reading goes on. Whole numbers beyond 2^53 are kept as text. Without a time field, the event time is the timestamp of the message.\n\nWhen the cluster is down, refuses the password or does not know the topic, the node shows it and tries again by itself.':
    '每条消息成为一条记录：JSON、CSV 行或纯文本。主题的各分区（Kafka 存放主题的各个部分）并行读取，分配给节点的各任务；新分区在半分钟内发现，并从头读取。\n\n每个分区读到哪里是运行所保存内容的一部分，因此崩溃后每条消息在结果中恰好计一次。这与消费组无关：不会发生再均衡，更新消费组只是让其他工具看到进度。只读取已提交事务的消息。\n\n无法读取的消息连同偏移和原因成为死信；读取继续。超出 2^53 的整数保留为文本。没有时间字段时，事件时间为消息的时间戳。\n\n集群停机、拒绝密码或没有该主题时，节点会显示并自动重试。',
  'Where all records go, unless the topic is taken from a field.': '所有记录的去向，除非主题取自字段。',
  'Field of the record that names its topic.': '记录中存放主题名称的字段。',
  'Field whose value becomes the key: records of one key stay in order, and a table (upserts and deletes) needs it. Empty: records are spread over the partitions.':
    '其值作为键的字段：同一键的记录保持顺序，表（插入或更新、删除）需要它。留空：记录分散到各分区。',
  'Sends the value of this field instead of the whole record: text as it is, all else as JSON.':
    '只发送此字段的值，而不是整条记录：文本原样，其他为 JSON。',
  'Exactly once: in transactions, seen once by readers of committed records. At least once: without transactions; after a crash a record may come again with the same header millrace-id.':
    '恰好一次：使用事务，读取已提交记录的一方只看到一次。至少一次：不用事务；崩溃后记录可能带着相同的消息头 millrace-id 再次到来。',
  gzip: 'gzip',
  snappy: 'snappy',
  lz4: 'lz4',
  'Messages are JSON, with the event time as timestamp and an id in the header `millrace-id` that stays the same when a record is sent again. Rows of a table are sent with their key; a deleted row becomes a message without value, which compacted topics understand.\n\n**Exactly once** (the default): records and the place up to which they were delivered go into one transaction that ends just before the task saves its progress. Readers that ask for committed records (`isolation.level=read_committed`) see each record once, also after crashes. The transactional ids and the groups that keep the place are named `millrace:<workflow>:<node>:…`. A workflow paused for longer than Kafka keeps the offsets of quiet groups (7 days unless set otherwise) falls back to at least once for its last moments.\n\nA record that the topic does not take (too large, no key for a compacted topic) becomes a dead letter; the others go on. Records of one key keep their order and go to the partition that other Kafka clients choose for it. Needs Kafka 3.0 or newer.\n\nWhen the cluster is down, refuses the password or does not know the topic, the node shows it and tries again by itself.':
    '消息为 JSON，以事件时间为时间戳，消息头 `millrace-id` 中的编号在重发记录时保持不变。表的行连同键发送；被删除的行成为没有值的消息，压缩主题能够识别。\n\n**恰好一次**（默认）：记录与已送达的位置进入同一事务，事务恰在任务保存进度之前结束。要求已提交记录（`isolation.level=read_committed`）的读取方只看到每条记录一次，崩溃后也一样。事务编号和保存位置的消费组命名为 `millrace:<workflow>:<node>:…`。工作流暂停的时间超过 Kafka 为静默消费组保留偏移的时长（未另设时为 7 天），其最后时刻的记录退为至少一次。\n\n主题不接受的记录（过大，或压缩主题缺少键）成为死信，其他记录继续。同一键的记录保持顺序，并进入其他 Kafka 客户端也会选择的分区。需要 Kafka 3.0 或更新版本。\n\n集群停机、拒绝密码或没有该主题时，节点会显示并自动重试。',
  'Field that grows whenever a document is written, such as updatedAt. Documents changed later are read again. Empty: documents are read by id alone, each once.':
    '每次写入文档都会增大的字段，例如 updatedAt。之后更改的文档会再次读取。留空：只按编号读取，每个文档一次。',
  'Empty: all fields. The id and the changed field always come along.': '留空：所有字段。编号和更改字段总会带上。',
  'On: new and changed documents are read as they come. Off: reading ends with the last document.':
    '开启：新增和更改的文档随到随读。关闭：读完最后一个文档即结束。',
  'Documents that become visible later than newer ones are found for this long.':
    '在此时长内，比更新的文档晚出现的文档仍能找到。',
  'The fields of a record and their types, learnt from a sample. Only for checks while drawing.':
    '记录的字段及类型，从样本得出。只用于绘制时的检查。',
  'Each document becomes a record. With a changed field (such as `updatedAt`) documents are read in its order, a document again whenever it changes; without one each is read once, in the order of its id. The changed field and the ids must each be of one type. Deleted documents are not noticed. Ids become hex text, dates ISO 8601, whole numbers beyond 2^53 and long decimals text, bytes base64.\n\nThe place reached is kept with the results, so a crash neither loses nor repeats a document. An index over the changed field and `_id` makes reading fast.':
    '每个文档成为一条记录。有更改字段（例如 `updatedAt`）时，文档按其顺序读取，每次更改都再读一次；没有时，按编号的顺序各读一次。更改字段和编号各自必须为同一类型。删除的文档不会被察觉。编号变为十六进制文本，日期变为 ISO 8601，超出 2^53 的整数和长的十进制数变为文本，字节变为 base64。\n\n读到的位置与结果一起保存，因此崩溃不会丢失或重复文档。在更改字段和 `_id` 上建索引可加快读取。',
  'Fields that become the id of the document: a later record with the same key replaces it. Empty: the field _id, or an id of our own that stays the same when a record is sent again.':
    '作为文档编号的字段：键相同的后一条记录替换该文档。留空：用字段 _id，或由系统生成的编号，重发记录时保持不变。',
  'Fields with ISO text or milliseconds that become dates of MongoDB.':
    '存放 ISO 文本或毫秒数的字段，将存为 MongoDB 的日期。',
  'Each document has an id made from the key fields, so a record that is sent again after a crash replaces its document instead of doubling it; the result is as if each record was written once. A record that says its row is gone removes the document. The collection is made when it is missing. Writes count once a majority of the servers has them on disk. A record that MongoDB refuses becomes a dead letter with the reason; the others go on.':
    '每个文档的编号由键字段得出，因此崩溃后重发的记录替换其文档，而不会重复；结果等同于每条记录只写一次。表示行已不存在的记录会移除该文档。集合不存在时自动创建。多数服务器写入磁盘后，写入才算完成。MongoDB 拒绝的记录连同原因成为死信，其他记录继续。',
  'Column that grows whenever a row is written, such as updated_at. Rows changed later are read again. Empty: rows are read by key alone, each once.':
    '每次写入行都会增大的列，例如 updated_at。之后更改的行会再次读取。留空：只按键读取，每行一次。',
  'Columns that tell rows apart, usually the primary key. An index over the changed column and these makes reading fast.':
    '区分各行的列，通常是主键。在更改列和这些列上建索引可加快读取。',
  'Empty: all columns.': '留空：所有列。',
  'On: new and changed rows are read as they come. Off: reading ends with the last row.':
    '开启：新增和更改的行随到随读。关闭：读完最后一行即结束。',
  'Rows whose transaction commits later than that of a newer row are found for this long.':
    '在此时长内，事务提交晚于更新行的行仍能找到。',
  'Each row becomes a record with a field for each column. With a changed column (such as `updated_at`) rows are read in its order, a row again whenever it changes; without one each row is read once, in the order of its key. Deleted rows are not noticed, and rows whose changed column is empty are not read. Nothing is lost on the way: whole numbers beyond 2^53 and long decimals arrive as text, times as ISO 8601, bytes as base64, JSON and lists as they are.\n\nThe place reached is kept with the results, so a crash neither loses nor repeats a row. Rows of a transaction that commits late are found for as long as "Wait for late rows" says.':
    '每行成为一条记录，每列一个字段。有更改列（例如 `updated_at`）时，行按其顺序读取，每次更改都再读一次；没有时，按键的顺序各读一次。删除的行不会被察觉，更改列为空的行不读取。途中不丢失信息：超出 2^53 的整数和长的十进制数为文本，时间为 ISO 8601，字节为 base64，JSON 和列表保持原样。\n\n读到的位置与结果一起保存，因此崩溃不会丢失或重复行。事务提交较晚的行，在“等待迟到行”所设时长内都能找到。',
  'insert: each record becomes a new row. upsert: a record replaces the row with the same key, and a delete removes it.':
    '插入：每条记录成为新的一行。插入或更新：记录替换键相同的行，删除则移除该行。',
  'For upsert: the columns that tell rows apart. The table needs a unique index over exactly these.':
    '用于“插入或更新”：区分各行的列。表需要恰好在这些列上有唯一索引。',
  'Empty: every column for which the record has a field.': '留空：记录中有对应字段的每一列。',
  'A field goes into the column of the same name; `orderId` also finds `order_id`. Fields without a column are left out, columns without a field keep their default (or, in an upsert, their value). Times may be ISO text or milliseconds, bytes are base64, objects and lists go into JSON columns. In an upsert the key must be the only unique index that two records can share.\n\nIn the same transaction as the rows the node notes in the table `millrace_positions` how far it has come, so that a crash at any moment neither loses nor repeats a row. The node makes this table when it is missing and its user may. Each new run adds a row there; rows whose `updated_at` is older than the longest pause of a workflow may be deleted. A record that the table refuses becomes a dead letter with the reason; the others go on.':
    '字段写入同名的列；`orderId` 也能对应 `order_id`。没有对应列的字段不写入，没有对应字段的列保持默认值（插入或更新时保持原值）。时间可以是 ISO 文本或毫秒数，字节为 base64，对象和列表写入 JSON 列。插入或更新时，键必须是两条记录唯一可能冲突的唯一索引。\n\n节点在写入行的同一事务中，将已到达的位置记入表 `millrace_positions`，因此任何时刻崩溃都不会丢失或重复行。此表不存在且用户有权限时，由节点创建。每次新的运行会在其中增加一行；`updated_at` 早于工作流最长暂停时间的行可以删除。表拒绝的记录连同原因成为死信，其他记录继续。',
  'For each record the row whose key columns equal the match fields is put into one field, as an object with a field for each column. Rows are asked for many at a time and remembered for a while, so a change in the table is seen after that time at the latest.':
    '对每条记录，将键列等于匹配字段的行作为对象放入一个字段，每列一个字段。行成批查询并缓存一段时间，因此表中的变化最迟在该时长之后可见。',
  'A field goes into the column of the same name; `orderId` also finds `order_id`. Fields without a column are left out, columns without a field keep their default (or, in an upsert, their value). Times may be ISO text or milliseconds, bytes are base64, objects and lists go into JSON or list columns.\n\nIn the same transaction as the rows the node notes in the table `millrace_positions` how far it has come, so that a crash at any moment neither loses nor repeats a row. The node makes this table when it is missing and its user may. Each new run adds a row there; rows whose `updated_at` is older than the longest pause of a workflow may be deleted. A record that the table refuses becomes a dead letter with the reason; the others go on.':
    '字段写入同名的列；`orderId` 也能对应 `order_id`。没有对应列的字段不写入，没有对应字段的列保持默认值（插入或更新时保持原值）。时间可以是 ISO 文本或毫秒数，字节为 base64，对象和列表写入 JSON 列或列表列。\n\n节点在写入行的同一事务中，将已到达的位置记入表 `millrace_positions`，因此任何时刻崩溃都不会丢失或重复行。此表不存在且用户有权限时，由节点创建。每次新的运行会在其中增加一行；`updated_at` 早于工作流最长暂停时间的行可以删除。表拒绝的记录连同原因成为死信，其他记录继续。',
  'Never: it must be there. Quorum: a durable queue kept on several servers. Classic: a durable queue on one.':
    '从不：队列必须已存在。仲裁队列：保存在多台服务器上的持久队列。经典队列：保存在一台服务器上的持久队列。',
  'The id that the sender gave a message (message-id) tells one that is delivered again from a new one. Optional: messages without one are taken as new. Required: messages without one become dead letters, all others count exactly once. Ignored: for senders that use an id twice.':
    '发送方给消息的编号（message-id）用于区分重新投递的消息与新消息。可选：没有编号的消息视为新消息。必需：没有编号的消息成为死信，其他消息恰好计一次。忽略：用于会重复使用编号的发送方。',
  'How many messages the server hands out before the first of them are done.':
    '服务器在最先的消息处理完之前，最多发出多少条消息。',
  'Name of a field that gets exchange, routing key, message id, headers, type and timestamp of the message.':
    '接收消息的交换机、路由键、消息编号、消息头、类型和时间戳的字段名称。',
  'Each message becomes a record: JSON, a CSV row or plain text. It is acknowledged (removed from the queue) only when its effects are saved, so none is lost by a crash.\n\nA message that the server delivers again is told by its `message-id`: one that was among the last 10,000 is dropped, also after a restart. With ids **required** each message counts exactly once; without ids a message may count twice after a crash.\n\nA message that cannot be read becomes a dead letter with the reason, and is acknowledged; the queue is never blocked by it. Without a time field, the event time is the timestamp of the message, if it has one. Quorum and classic queues both work. One task reads a queue; use several nodes for several queues.\n\nWhen the server is down, refuses the password or does not have the queue, the node shows it and tries again by itself.':
    '每条消息成为一条记录：JSON、CSV 行或纯文本。只有在其效果保存之后才确认（从队列移除），因此崩溃不会丢失消息。\n\n服务器重新投递的消息由 `message-id` 识别：属于最近 10,000 条的被丢弃，重启后也一样。编号为**必需**时，每条消息恰好计一次；没有编号时，崩溃后消息可能计两次。\n\n无法读取的消息连同原因成为死信并被确认；队列绝不会因此堵塞。没有时间字段时，事件时间为消息的时间戳（如果有）。仲裁队列和经典队列都可用。一个任务读取一个队列；多个队列用多个节点。\n\n服务器停机、拒绝密码或没有该队列时，节点会显示并自动重试。',
  'Sends straight to a queue. For an exchange, leave it empty.': '直接发送到队列。要发到交换机时留空。',
  'With an exchange: by what it decides which queues get the message.': '用于交换机：交换机据此决定哪些队列得到消息。',
  'Field of the record that holds the routing key.': '记录中存放路由键的字段。',
  'Of a queue that is not there: never create it, or create a durable one of a kind.':
    '队列不存在时：从不创建，或创建某一种持久队列。',
  'Messages are JSON, persistent, and counted as delivered only when the server has confirmed them. When a confirmation is lost the message is sent again with the same `message-id`, by which a reader can tell the repeat (ours does).\n\nRecords of a table, whose rows replace one another, carry the header `millrace-op`: `upsert` or `delete`. A message that no queue takes is not thrown away: with a fixed routing key the node shows it and waits until a queue is bound; with one from a field the record becomes a dead letter.\n\nWhen the server is down, refuses the password or lacks the queue or exchange, the node shows it and tries again by itself.':
    '消息为 JSON，持久保存，服务器确认后才算送达。确认丢失时，消息以相同的 `message-id` 重发，读取方可据此识别重复（Millrace 的读取节点会识别）。\n\n表（行会互相替换）的记录带有消息头 `millrace-op`：`upsert` 或 `delete`。没有队列接收的消息不会被丢弃：路由键固定时，节点会显示并等待队列绑定；路由键取自字段时，记录成为死信。\n\n服务器停机、拒绝密码或缺少队列或交换机时，节点会显示并自动重试。',
  'Key of the stream.': '流的键。',
  'JSON: one field of an entry holds the record. Fields: the fields of an entry are those of the record, as text.':
    'JSON：条目的一个字段存放记录。字段：条目的各字段就是记录的字段，均为文本。',
  'Where a fresh run begins: the oldest entry, only new ones, or those since a time.':
    '全新运行从哪里开始：最早的条目、只读新条目，或自某一时间起的条目。',
  'Stopped: goes on with new entries as they come. End: what is there at the start, then the input ends.':
    '直到停止：新条目到来即继续读取。末尾：读完开始时已有的条目，输入随即结束。',
  'Name of a field that gets the id of the entry.': '接收条目编号的字段名称。',
  'Each entry becomes a record: the JSON in one of its fields, or its fields as text. The id of the last entry done is part of what a run saves, so that after a crash every entry counts exactly once in the results. No consumer group is used and nothing is removed from the stream.\n\nAn entry that cannot be read becomes a dead letter with its id and the reason. Without a time field, the event time is the time in the id of the entry.\n\nWhen the server is down or refuses the password, the node shows it and tries again by itself. Redis 5 or newer; no Redis Cluster.':
    '每个条目成为一条记录：其中一个字段的 JSON，或各字段的文本。最后处理完的条目编号是运行所保存内容的一部分，因此崩溃后每个条目在结果中恰好计一次。不使用消费组，也不从流中移除任何内容。\n\n无法读取的条目连同编号和原因成为死信。没有时间字段时，事件时间为条目编号中的时间。\n\n服务器停机或拒绝密码时，节点会显示并自动重试。Redis 5 或更新版本；不支持 Redis Cluster。',
  'JSON: the record in one field. Fields: each field of the record is one of the entry, as text.':
    'JSON：记录放在一个字段中。字段：记录的每个字段成为条目的一个字段，均为文本。',
  'Entries that stay in the stream; older ones are removed. Empty: all.':
    '流中保留的条目数；更旧的被移除。留空：全部保留。',
  'The record is one JSON text in the field `data`, or its fields are those of the entry. `millrace-id` is an id that stays the same when a record is sent again; `millrace-op` marks upserts and deletes.\n\nEntries and the place up to which they were delivered (a key `millrace:place:…`) change in one step of the server, so each record is appended once, also after crashes of ours, as long as Redis keeps its data. With the usual settings (append-only file flushed each second) a power failure of the Redis machine can lose the last second.\n\nWhen the server is down or full or refuses the password, the node shows it and tries again by itself. Redis 5 or newer; no Redis Cluster.':
    '记录作为一个 JSON 文本放在字段 `data` 中，或其各字段成为条目的字段。`millrace-id` 是重发记录时保持不变的编号；`millrace-op` 标明插入或更新以及删除。\n\n条目与已送达的位置（键 `millrace:place:…`）在服务器上一步更改，因此只要 Redis 保有数据，每条记录只追加一次，Millrace 崩溃后也一样。在通常设置下（追加文件每秒刷盘），Redis 所在机器断电可能丢失最后一秒。\n\n服务器停机、已满或拒绝密码时，节点会显示并自动重试。Redis 5 或更新版本；不支持 Redis Cluster。',
  'Field whose value is the key, behind the prefix.': '其值作为键的字段，接在前缀之后。',
  'Keeps the value of this field instead of the whole record: text as it is, all else as JSON.':
    '只保存此字段的值，而不是整条记录：文本原样，其他为 JSON。',
  'JSON: one text. Hash: each field of the record is a field of a Redis hash.':
    'JSON：一个文本。哈希：记录的每个字段成为 Redis 哈希的一个字段。',
  'Time after the last change. Empty: never.': '从最后一次更改算起的时长。留空：从不。',
  'The key is a prefix and a field of the record; the value is the record as JSON, one of its fields, or a hash of its fields. A deleted row of a table removes its key.\n\nValues and the place up to which they were delivered (a key `millrace:place:…`) change in one step of the server: after a crash an older value never overwrites a newer one. Holds as long as Redis keeps its data; with the usual settings a power failure of the Redis machine can lose the last second.\n\nWhen the server is down or full or refuses the password, the node shows it and tries again by itself. No Redis Cluster.':
    '键由前缀和记录的一个字段组成；值为整条记录的 JSON、其中一个字段，或由其字段组成的哈希。表中被删除的行会移除其键。\n\n值与已送达的位置（键 `millrace:place:…`）在服务器上一步更改：崩溃后旧值绝不会覆盖新值。前提是 Redis 保有数据；在通常设置下，Redis 所在机器断电可能丢失最后一秒。\n\n服务器停机、已满或拒绝密码时，节点会显示并自动重试。不支持 Redis Cluster。',
  'Field whose value is looked up, behind the prefix.': '要查找其值的字段，接在前缀之后。',
  'JSON texts, plain texts, or Redis hashes (an object of texts).':
    'JSON 文本、普通文本，或 Redis 哈希（由文本组成的对象）。',
  'Name of the field that gets what was found.': '接收查到内容的字段名称。',
  'Null: the field is null. Fail: the record becomes a dead letter (or what the node does on errors).':
    '留空：字段为 null。失败：记录成为死信（或按节点的出错处理）。',
  'How long a value may be used again without asking, also that there is none. 0 s: always ask.':
    '查到的值（包括“没有值”）在多久之内可直接再用而不查询。0 s：每次都查询。',
  'Asks for the keys of many records at once and remembers answers for a while. A value that changes in Redis is seen after that time at the latest; results therefore depend on when they were made.\n\nWhen the server is down or refuses the password, the node shows it, waits and tries again; no record is lost or passed on without its value.':
    '成批查询多条记录的键，并将应答缓存一段时间。Redis 中的值变化后，最迟在该时长之后可见；因此结果取决于得出的时间。\n\n服务器停机或拒绝密码时，节点会显示，等待并重试；记录不会丢失，也不会缺少值就传出。',
  'What to follow there, behind the address of the connection.': '要跟随的内容，接在连接的地址之后。',
  'plain: any feed that sends JSON. millrace: a live channel of another Millrace, which numbers its records and sends again what was missed.':
    '原样：任何发送 JSON 的数据流。millrace：另一个 Millrace 的实时频道，它为记录编号，并补发错过的记录。',
  millrace: 'Millrace',
  'Sent after each connect, for feeds that want to be told what to send.':
    '每次连接后发送，用于需要告知发送内容的数据流。',
  'Name of the record or list in a message. Messages without it are left out. Empty: the whole message.':
    '消息中记录或列表的名称。没有它的消息不计入。留空：整条消息。',
  'Field that counts up by one with each record: says how many were missed while the line was cut.':
    '每条记录递增 1 的字段：由此得知断线期间错过了多少条。',
  'Connects to a WebSocket server and takes the JSON messages it sends. When the line is cut it connects again by itself. A feed does not send again what was missed meanwhile; so that nobody takes it for complete, each interruption makes a record at the output `gaps`: `{ from, to, reason, missed }`, with the number of missed records where it is known. A live channel of another Millrace sends the last 1,000 records or 60 seconds again, so short interruptions miss nothing.':
    '连接 WebSocket 服务器，接收其发送的 JSON 消息。断线后自动重连。数据流不会补发期间错过的内容；为避免误以为完整，每次中断在输出 `gaps` 产生一条记录：`{ from, to, reason, missed }`，错过的记录数已知时一并给出。另一个 Millrace 的实时频道会补发最近 1,000 条记录或 60 秒的内容，因此短暂中断不会错过任何记录。',
  'Name under which others follow it: lower-case letters, digits, - and _.':
    '供其他程序跟随的名称：小写字母、数字、- 和 _。',
  'Web pages and programs connect to `/channels/<channel>` with an API token and get each record the moment it passes: `{ seq, time, op, value }`. The last 1,000 records or 60 seconds are kept: who comes back with `?since=<seq>&epoch=<epoch>` (both from what came before) gets what was missed. Who was away longer, or reads too slowly, gets `{ gap: { from, to, count } }` in its place and is never waited for. It is a live view: records sent while nobody follows are not kept longer, and a restart of the server begins a new count.':
    '网页和程序带 API 令牌连接 `/channels/<channel>`，每条记录经过时立即收到：`{ seq, time, op, value }`。保留最近 1,000 条记录或 60 秒的内容：以 `?since=<seq>&epoch=<epoch>`（两者都取自之前收到的内容）重新连接，可得到错过的记录。离开更久或读取过慢时，得到的是 `{ gap: { from, to, count } }`，而且不会等待这样的读取方。这是实时视图：无人跟随时发出的记录不会保留更久，服务器重启后重新计数。',
  'Where to send to, behind the address of the connection.': '发送到哪里，接在连接的地址之后。',
  'none: a record counts as delivered once it is on the line. millrace: the other side is an HTTP in node of a Millrace and confirms each record when it is on disk.':
    '无：记录发上线路即视为送达。millrace：对方是某个 Millrace 的“HTTP 接入”节点，记录写入磁盘后逐条确认。',
  'Connects to a WebSocket server and sends each record as one JSON message, in order. A slow receiver slows the node down; when the line is cut it connects again. Plain servers do not say what has arrived, so records that were on the line when it was cut are lost. Another Millrace confirms each record once it is on disk: then every record arrives, and one that is sent again carries the same id and is taken once.':
    '连接 WebSocket 服务器，按顺序将每条记录作为一条 JSON 消息发送。接收方慢时节点随之变慢；断线后自动重连。普通服务器不告知已收到哪些，因此断线时在途的记录会丢失。另一个 Millrace 在每条记录写入磁盘后确认：这样每条记录都会到达，重发的记录带有相同编号，只接收一次。',
  'Stands around values that contain a delimiter or a line break.': '括住含有分隔符或换行的值。',
};
