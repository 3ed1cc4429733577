// What each query answers, in SQL over the same events, and which columns are compared. An interval of ms is [from, from + size).

/** Bids that were made while their auction was open. */
const OPEN = 'auction a JOIN bid b ON a.id = b.auction AND b.dateTime BETWEEN a.dateTime AND a.expires';
const DAY = "strftime(make_timestamp(dateTime * 1000), '%Y-%m-%d')";
const EURO = 'CAST(price * CAST(0.908 AS DECIMAL(4, 3)) AS DOUBLE)';
const start = (/** @type {string} */ time) => `(${time} // 10000) * 10000`;

/** @type {readonly [string, string][]} */
const RANKS = [
  ['', 'true'],
  ['1', 'price < 10000'],
  ['2', 'price >= 10000 AND price < 1000000'],
  ['3', 'price >= 1000000'],
];
/** An aggregate over all bids and over three classes of price. @param {string} what @param {string} name */
const ranked = (what, name) => RANKS.map(([rank, where]) => `${what} FILTER (WHERE ${where}) AS ${name}${rank}`);

/** @type {{ [query: string]: { columns: readonly string[], sql: string } }} */
export const QUERIES = {
  q0: {
    columns: ['auction', 'bidder', 'price', 'dateTime', 'extra'],
    sql: 'SELECT * FROM bid',
  },
  q1: {
    columns: ['auction', 'bidder', 'price', 'dateTime', 'extra'],
    sql: `SELECT auction, bidder, ${EURO} AS price, dateTime, extra FROM bid`,
  },
  q2: {
    columns: ['auction', 'price'],
    sql: 'SELECT auction, price FROM bid WHERE auction % 123 = 0',
  },
  q3: {
    columns: ['name', 'city', 'state', 'auction_id'],
    sql: `SELECT p.name, p.city, p.state, a.id AS auction_id FROM auction a JOIN person p ON a.seller = p.id
      WHERE a.category = 10 AND p.state IN ('OR', 'ID', 'CA')`,
  },
  q4: {
    columns: ['category', 'average'],
    sql: `SELECT category, sum(final) // count(*) AS average
      FROM (SELECT a.id, a.category, max(b.price) AS final FROM ${OPEN} GROUP BY ALL) GROUP BY category`,
  },
  q5: {
    columns: ['auction', 'num', 'windowEnd'],
    sql: `SELECT auction, num, ws + 10000 AS windowEnd FROM (
        SELECT auction, ws, count(*) AS num
        FROM bid, LATERAL (SELECT unnest(generate_series(dateTime // 2000 - 4, dateTime // 2000)) * 2000 AS ws)
        GROUP BY auction, ws)
      QUALIFY num = max(num) OVER (PARTITION BY ws)`,
  },
  q7: {
    columns: ['auction', 'price', 'bidder', 'dateTime', 'extra', 'windowEnd'],
    sql: `SELECT b.auction, b.price, b.bidder, b.dateTime, b.extra, m.windowEnd
      FROM bid b JOIN (SELECT ${start('dateTime')} + 10000 AS windowEnd, max(price) AS highest FROM bid GROUP BY 1) m
      ON b.price = m.highest AND b.dateTime BETWEEN m.windowEnd - 10000 AND m.windowEnd`,
  },
  q8: {
    columns: ['id', 'name', 'windowStart'],
    sql: `SELECT DISTINCT p.id, p.name, ${start('p.dateTime')} AS windowStart FROM person p
      JOIN (SELECT DISTINCT seller, ${start('dateTime')} AS ws FROM auction) a
      ON p.id = a.seller AND ${start('p.dateTime')} = a.ws`,
  },
  q9: {
    columns: [
      'id',
      'itemName',
      'description',
      'initialBid',
      'reserve',
      'dateTime',
      'expires',
      'seller',
      'category',
      'extra',
    ].concat(['bid_bidder', 'bid_price', 'bid_dateTime', 'bid_extra', 'bid_seq']),
    sql: `SELECT a.*, b.bidder AS bid_bidder, b.price AS bid_price, b.dateTime AS bid_dateTime, b.extra AS bid_extra,
        b.seq AS bid_seq FROM ${OPEN}
      QUALIFY row_number() OVER (PARTITION BY a.id ORDER BY b.price DESC, b.dateTime, b.seq) = 1`,
  },
  q11: {
    columns: ['bidder', 'bids', 'windowStart', 'windowEnd'],
    sql: `WITH marked AS (
        SELECT bidder, dateTime, dateTime - lag(dateTime) OVER (PARTITION BY bidder ORDER BY dateTime) > 10000 AS fresh FROM bid),
      numbered AS (
        SELECT bidder, dateTime, count(*) FILTER (WHERE fresh) OVER (PARTITION BY bidder ORDER BY dateTime) AS session FROM marked)
      SELECT bidder, count(*) AS bids, min(dateTime) AS windowStart, max(dateTime) + 10000 AS windowEnd
      FROM numbered GROUP BY bidder, session`,
  },
  q13: {
    columns: ['auction', 'bidder', 'price', 'dateTime', 'value'],
    sql: 'SELECT auction, bidder, price, dateTime, s.value FROM bid JOIN side s ON auction % 10000 = s.key',
  },
  q14: {
    columns: ['auction', 'bidder', 'price', 'bidTimeType', 'dateTime', 'extra', 'cCounts'],
    sql: `SELECT auction, bidder, ${EURO} AS price, CASE WHEN hour BETWEEN 8 AND 18 THEN 'dayTime'
        WHEN hour <= 6 OR hour >= 20 THEN 'nightTime' ELSE 'otherTime' END AS bidTimeType,
        dateTime, extra, length(extra) - length(replace(extra, 'c', '')) AS cCounts
      FROM (SELECT *, extract(hour FROM make_timestamp(dateTime * 1000)) AS hour FROM bid)
      WHERE price * CAST(0.908 AS DECIMAL(4, 3)) > 1000000 AND price * CAST(0.908 AS DECIMAL(4, 3)) < 50000000`,
  },
  q15: {
    columns: ['day', ...['bids', 'bidders', 'auctions'].flatMap((name) => RANKS.map(([rank]) => name + rank))],
    sql: `SELECT ${DAY} AS day, ${[
      ...ranked('count(*)', 'bids'),
      ...ranked('count(DISTINCT bidder)', 'bidders'),
      ...ranked('count(DISTINCT auction)', 'auctions'),
    ].join(', ')} FROM bid GROUP BY 1`,
  },
  q17: {
    columns: ['auction', 'day', 'bids', 'bids1', 'bids2', 'bids3', 'lowest', 'highest', 'average', 'total'],
    sql: `SELECT auction, ${DAY} AS day, ${ranked('count(*)', 'bids').join(', ')}, min(price) AS lowest,
        max(price) AS highest, sum(price) // count(*) AS average, sum(price) AS total FROM bid GROUP BY 1, 2`,
  },
  q18: {
    columns: ['auction', 'bidder', 'price', 'channel', 'url', 'dateTime', 'extra', 'seq'],
    sql: 'SELECT * FROM bid QUALIFY row_number() OVER (PARTITION BY bidder, auction ORDER BY dateTime DESC, seq DESC) = 1',
  },
  q19: {
    columns: ['auction', 'bidder', 'price', 'channel', 'url', 'dateTime', 'extra', 'seq', 'place'],
    sql: `SELECT *, row_number() OVER (PARTITION BY auction ORDER BY price DESC, seq) AS place FROM bid
      QUALIFY place <= 10`,
  },
  q20: {
    columns: ['auction', 'bidder', 'price', 'channel', 'url', 'dateTime', 'extra', 'seq'].concat([
      'auction_itemName',
      'auction_initialBid',
      'auction_dateTime',
      'auction_seller',
      'auction_category',
    ]),
    sql: `SELECT b.*, a.itemName AS auction_itemName, a.initialBid AS auction_initialBid, a.dateTime AS auction_dateTime,
        a.seller AS auction_seller, a.category AS auction_category
      FROM bid b JOIN auction a ON b.auction = a.id WHERE a.category = 10`,
  },
  q21: {
    columns: ['auction', 'bidder', 'price', 'channel', 'channelId'],
    sql: `SELECT *, CASE lower(channel) WHEN 'apple' THEN '0' WHEN 'google' THEN '1' WHEN 'facebook' THEN '2' WHEN 'baidu' THEN '3'
        ELSE regexp_extract(url, '(&|^)channel_id=([^&]*)', 2) END AS channelId FROM bid
      WHERE lower(channel) IN ('apple', 'google', 'facebook', 'baidu') OR regexp_matches(url, '(&|^)channel_id=([^&]*)')`,
  },
  q22: {
    columns: ['auction', 'bidder', 'price', 'channel', 'dir1', 'dir2', 'dir3'],
    sql: `SELECT *, split_part(url, '/', 4) AS dir1, split_part(url, '/', 5) AS dir2, split_part(url, '/', 6) AS dir3 FROM bid`,
  },
};
