import {
  type Behaviour,
  type Context,
  Decimal,
  durationMs,
  type ExactSum,
  fieldReader,
  type MapState,
  newSum,
  type Setup,
  type StreamRecord,
  sumValue,
  type Timer,
  type Value,
  type ValueState,
} from '@millrace/sdk';
import { asObject, type Fields, keyWriter } from '../shared/fields.js';
import { amountOf, decimalOf, plus } from '../shared/money.js';
import type { PaymentConfig } from './config.js';

/** What is known of one order and its payments. */
interface Account {
  due: ExactSum;
  currency: Value;
  /** null: only payments so far. */
  ordered: number | null;
  paid: ExactSum;
  refunded: ExactSum;
  payments: number;
  /** What was last reported. */
  status: string | null;
  news: number;
}
/** ['order' | 'payment', amount, currency] */
type News = ['order' | 'payment', number | string, Value];
export interface PaymentState {
  waiting: MapState<News[], number>;
  account: ValueState<Account>;
}

// Timers of one moment fire by name: first the news itself (''), so that a payment at the last moment counts.
const DEADLINE = 'deadline';
const ORPHAN = 'orphan';
const FORGET = 'z-forget';

export class Matcher implements Behaviour<PaymentState> {
  readonly #within: number;
  readonly #waitForOrder: number;
  readonly #forgetAfter: number;
  readonly #tolerance: Decimal;
  readonly #due: (value: Value, record?: StreamRecord) => Value;
  readonly #amount: (value: Value, record?: StreamRecord) => Value;
  readonly #counts: ((value: Value, record?: StreamRecord) => Value) | undefined;
  readonly #currencies: { [port: string]: (value: Value) => Value };
  readonly #orders: { [port: string]: (value: Value) => Value };
  readonly #writeOrder: (key: string, target: Fields) => void;

  constructor(
    readonly config: PaymentConfig,
    compile: Setup<PaymentConfig>['compile'],
  ) {
    const { order = 'orderId', paymentOrder = 'orderId', currency = 'currency', paymentCurrency = 'currency' } = config;
    this.#within = durationMs(config.within ?? '1 d');
    this.#waitForOrder = durationMs(config.waitForOrder ?? '1 h');
    this.#forgetAfter = durationMs(config.forgetAfter ?? '90 d');
    this.#tolerance = Decimal.from(config.tolerance ?? 0);
    this.#due = compile(config.due ?? 'total');
    this.#amount = compile(config.amount ?? 'amount');
    this.#counts = config.counts === undefined ? undefined : compile(config.counts);
    this.#currencies = { orders: fieldReader(currency), payments: fieldReader(paymentCurrency) };
    this.#orders = { orders: fieldReader(order), payments: fieldReader(paymentOrder) };
    this.#writeOrder = keyWriter([order]);
  }

  onRecord(record: StreamRecord, port: string, ctx: Context<PaymentState>): void {
    const value = asObject(record.value);
    const payment = port === 'payments';
    if (this.#orders[port]!(value) === null || (payment && this.#counts && this.#counts(value, record) !== true)) {
      ctx.filtered();
      return;
    }
    const amount = payment
      ? amountOf(this.#amount(value, record), 'The payment')
      : amountOf(this.#due(value, record), 'The amount of the order');
    const news: News = [payment ? 'payment' : 'order', amount, this.#currencies[port]!(value)];
    const { time } = record;
    if (time <= ctx.watermark) {
      this.#hear([news], time, ctx);
      return;
    }
    const waiting = ctx.state.waiting.get(time);
    if (waiting === undefined) ctx.timers.at(time);
    ctx.state.waiting.set(time, waiting === undefined ? [news] : [...waiting, news]);
  }

  onTimer({ time, name }: Timer, ctx: Context<PaymentState>): void {
    if (name === '') {
      const news = [...(ctx.state.waiting.get(time) ?? [])];
      ctx.state.waiting.delete(time);
      // Orders before payments of the same moment: whichever arrived first, the result is one.
      this.#hear(
        [...news.filter(([kind]) => kind === 'order'), ...news.filter(([kind]) => kind === 'payment')],
        time,
        ctx,
      );
      return;
    }
    const account = ctx.state.account.get();
    if (account === undefined) return;
    if (name === FORGET) {
      if (account.news + this.#forgetAfter <= time) ctx.state.account.clear();
    } else if (name === ORPHAN) {
      if (account.ordered === null && account.status === null) this.#report('orphans', account, 'no-order', time, ctx);
    } else if (account.ordered !== null && account.ordered + this.#within <= time && account.status === null) {
      this.#report('open', account, account.payments === 0 ? 'unpaid' : 'partly-paid', time, ctx);
    }
  }

  #hear(news: readonly News[], time: number, ctx: Context<PaymentState>): void {
    const known = ctx.state.account.get();
    let account: Account = known ?? {
      due: newSum(),
      currency: null,
      ordered: null,
      paid: newSum(),
      refunded: newSum(),
      payments: 0,
      status: null,
      news: time,
    };
    account = { ...account, news: Math.max(account.news, time) };
    let paid = false;
    for (const [kind, amount, currency] of news) {
      if (kind === 'order') {
        if (account.ordered !== null && !this.config.addUp) {
          this.#report('wrong', { ...account, due: plus(newSum(), amount) }, 'order-twice', time, ctx, false);
          continue;
        }
        account.due = plus(account.due, amount);
        account.currency ??= currency;
        if (account.ordered === null) {
          account.ordered = time;
          if (account.status === 'no-order') account.status = null;
          ctx.timers.at(time + this.#within, DEADLINE);
        }
        paid = true;
      } else if (currency !== null && account.currency !== null && currency !== account.currency) {
        const other = { ...account, paid: plus(newSum(), amount), currency };
        this.#report('wrong', other, 'other-currency', time, ctx, false);
      } else {
        account.currency ??= currency;
        const back = decimalOf(plus(newSum(), amount)).units < 0n;
        if (back) account.refunded = plus(account.refunded, amount, -1);
        else {
          account.paid = plus(account.paid, amount);
          account.payments++;
          paid = true;
        }
        if (back && decimalOf(account.refunded).compare(decimalOf(account.paid)) > 0)
          this.#report('wrong', account, 'refund-exceeds-paid', time, ctx, false);
        if (account.ordered === null) ctx.timers.at(time + this.#waitForOrder, ORPHAN);
      }
    }
    ctx.timers.at(account.news + this.#forgetAfter, FORGET);
    ctx.state.account.set(account);
    if (paid && account.ordered !== null) this.#judge(account, time, ctx);
  }

  #judge(account: Account, time: number, ctx: Context<PaymentState>): void {
    const off = decimalOf(account.paid).add(decimalOf(account.due).negate());
    const size = off.units < 0n ? off.negate() : off;
    if (size.compare(this.#tolerance) <= 0) {
      if (account.status !== 'paid') this.#report('paid', account, 'paid', time, ctx);
    } else if (off.units > 0n) this.#report('wrong', account, 'overpaid', time, ctx);
    else if (account.status !== null) this.#report('open', account, 'partly-paid', time, ctx);
  }

  /** `keep` false: a note beside the order's own story, which goes on. */
  #report(port: string, account: Account, status: string, time: number, ctx: Context<PaymentState>, keep = true): void {
    if (keep) ctx.state.account.set({ ...account, status });
    const row: Fields = {};
    this.#writeOrder(ctx.key, row);
    row.status = status;
    row.due = sumValue(account.due);
    row.paid = sumValue(account.paid);
    row.difference = decimalOf(account.paid).add(decimalOf(account.due).negate()).toJSON();
    row.refunded = sumValue(account.refunded);
    row.currency = account.currency;
    row.payments = account.payments;
    row.orderedAt = account.ordered;
    row.late = account.ordered !== null && time > account.ordered + this.#within;
    ctx.emit(port, row, time);
  }
}
