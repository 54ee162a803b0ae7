import type { SmsAnswer } from '../../core/contract/simulated-sms.ts';
import type { Schedule } from '../fleet/schedule.ts';
import type { SimulatorClock } from '../fleet/seams.ts';
import type { Sfc32 } from '../generators/sfc32.ts';
import { type AnswerMaker, answerMakers, type GivenAnswer } from './answers.ts';

/** Answers of one handset in a second: two that echo each other would keep the program busy with nothing else. */
const mostPerSecond = 20;
const secondMs = 1000;

/** How one handset answers by itself. */
export class AutoAnswers {
  settings: readonly SmsAnswer[];
  private readonly parts: {
    readonly random: Sfc32;
    readonly clock: Pick<SimulatorClock, 'now'>;
    readonly schedule: Pick<Schedule, 'nowMs'>;
    readonly device: string;
  };
  private makers: readonly AnswerMaker[];
  private given = 0;
  private secondFromMs = Number.NEGATIVE_INFINITY;
  private inSecond = 0;

  constructor(parts: AutoAnswers['parts'] & { readonly settings: readonly SmsAnswer[] }) {
    this.parts = parts;
    this.settings = parts.settings;
    this.makers = answerMakers(parts.settings);
  }

  /** @throws PlatformError `api.invalidParameter` */
  set(settings: readonly SmsAnswer[]): void {
    this.makers = answerMakers(settings);
    this.settings = settings;
  }

  /** @returns undefined when there is none: nobody can write to a name, for example */
  to(from: string, received: string): GivenAnswer | undefined {
    if (!/^\+?\d+$/.test(from)) return undefined;
    const { random, clock, device } = this.parts;
    const turn = {
      n: this.given + 1,
      elapsedS: 0,
      device,
      timeMs: clock.now(),
      random,
      memory: new Float64Array(0),
    };
    for (const maker of this.makers) {
      const answer = maker.answer(received, turn);
      if (!answer) continue;
      if (answer.text === '' || !this.admit()) return undefined;
      this.given += 1;
      return answer;
    }
    return undefined;
  }

  private admit(): boolean {
    const nowMs = this.parts.schedule.nowMs();
    if (nowMs - this.secondFromMs >= secondMs) {
      this.secondFromMs = nowMs;
      this.inSecond = 0;
    }
    this.inSecond += 1;
    return this.inSecond <= mostPerSecond;
  }
}
