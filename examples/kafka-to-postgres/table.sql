create table if not exists shop_orders (
  order_id text primary key,
  status text not null,
  country text,
  items integer not null,
  total numeric(12, 2),
  updated_at timestamptz
);
