import type { Clock, Value } from '@millrace/sdk';

/** Answers by question for a while; a question that is just being asked is asked once. Failures are not kept. */
export class AnswerCache {
  // A Map keeps the order of insertion, so its first entry is the one not used for longest.
  readonly #answers = new Map<string, { value: Value; until: number }>();
  readonly #asking = new Map<string, Promise<Value>>();

  constructor(
    private readonly clock: Clock,
    private readonly size: number,
    /** ms an answer is believed; 0 keeps none. */
    private readonly ttl: number,
  ) {}

  get(question: string, ask: () => Promise<Value>): Promise<Value> {
    if (this.ttl === 0) return ask();
    const known = this.#answers.get(question);
    if (known !== undefined) {
      this.#answers.delete(question);
      if (known.until > this.clock.now()) {
        this.#answers.set(question, known);
        return Promise.resolve(known.value);
      }
    }
    const running = this.#asking.get(question);
    if (running !== undefined) return running;
    const asked = ask()
      .then((value) => {
        this.#answers.set(question, { value, until: this.clock.now() + this.ttl });
        if (this.#answers.size > this.size) this.#answers.delete(this.#answers.keys().next().value!);
        return value;
      })
      .finally(() => this.#asking.delete(question));
    this.#asking.set(question, asked);
    return asked;
  }
}
