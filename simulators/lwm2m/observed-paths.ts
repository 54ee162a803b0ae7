import type { Observer } from '../../core/protocols/coap/observers.ts';
import type { Answer } from '../../core/protocols/coap/request-server.ts';
import type { NotificationAttributes } from '../../core/protocols/lwm2m/attributes.ts';
import type { Lwm2mPath } from '../../core/protocols/lwm2m/path.ts';
import type { Schedule, Scheduled } from '../fleet/schedule.ts';
import { meetsThresholds } from './thresholds.ts';

export interface ObservedPathsParts {
  readonly schedule: Schedule;
  /** The attributes that count for a path, with the default periods of the server. */
  attributesOf(path: Lwm2mPath): NotificationAttributes;
  /** The number at a path; undefined for what is none. */
  numberAt(path: Lwm2mPath): number | undefined;
  /** Measures anew what is at a path. */
  measure(path: Lwm2mPath): void;
  /** Whether what a sleeping device has to say is kept until it wakes (/1/x/6). */
  keepsNotifications(): boolean;
  readonly confirmable: boolean;
  readonly isAwake: () => boolean;
}

/**
 * One observation of a server, of one path or several: it decides when to notify (LwM2M Core 1.1.1, 5.1.2). Of several
 * paths the strictest periods count.
 */
export class ObservedPaths {
  private readonly what: { readonly paths: readonly Lwm2mPath[]; readonly read: () => Answer };
  private readonly observer: Observer;
  private readonly parts: ObservedPathsParts;
  private lastNumber: number | undefined;
  private sentMs: number;
  private evaluatedMs: number;
  /** Something has changed that the server was not told of. */
  private isDue = false;
  private earliest: Scheduled | undefined;
  private latest: Scheduled | undefined;
  private sampling: Scheduled | undefined;

  constructor(what: ObservedPaths['what'], observer: Observer, parts: ObservedPathsParts) {
    this.what = what;
    this.observer = observer;
    this.parts = parts;
    this.sentMs = parts.schedule.nowMs();
    this.evaluatedMs = this.sentMs;
    this.lastNumber = this.number();
    this.rearm();
  }

  covers(path: Lwm2mPath): boolean {
    return this.what.paths.some((observed) => path.startsWith(observed) || observed.startsWith(path));
  }

  isUnder(path: Lwm2mPath): boolean {
    return this.what.paths.some((observed) => observed.startsWith(path));
  }

  changed(): void {
    const { epmin } = this.attributes();
    const nowMs = this.parts.schedule.nowMs();
    const evaluateMs = this.evaluatedMs + (epmin ?? 0) * 1000;
    if (evaluateMs <= nowMs) this.evaluate();
    else this.earliest ??= this.parts.schedule.at(evaluateMs, () => this.evaluateLate());
  }

  /** Periods have changed: what they say counts from the last notification. */
  rearm(): void {
    const { schedule, measure } = this.parts;
    const { pmax, epmax } = this.attributes();
    this.latest?.cancel();
    this.sampling?.cancel();
    this.latest =
      pmax === undefined || pmax === 0
        ? undefined
        : schedule.at(Math.max(this.sentMs + pmax * 1000, schedule.nowMs()), () => this.send());
    this.sampling =
      epmax === undefined || epmax === 0
        ? undefined
        : schedule.at(this.evaluatedMs + epmax * 1000, () => {
            this.evaluatedMs = schedule.nowMs();
            for (const path of this.what.paths) measure(path);
            this.rearmSampling();
          });
  }

  awake(isAwake: boolean): void {
    if (!isAwake) return;
    if (this.isDue && this.parts.keepsNotifications()) this.send();
    else this.isDue = false;
  }

  stop(): void {
    for (const timer of [this.earliest, this.latest, this.sampling]) timer?.cancel();
  }

  private rearmSampling(): void {
    const { epmax } = this.attributes();
    if (epmax !== undefined && epmax > 0) this.rearm();
  }

  private evaluateLate(): void {
    this.earliest = undefined;
    this.evaluate();
  }

  private evaluate(): void {
    this.evaluatedMs = this.parts.schedule.nowMs();
    const attributes = this.attributes();
    if (!meetsThresholds(attributes, this.lastNumber, this.number())) return;
    this.isDue = true;
    const dueMs = this.sentMs + (attributes.pmin ?? 0) * 1000;
    if (dueMs <= this.evaluatedMs) this.send();
    else
      this.earliest ??= this.parts.schedule.at(dueMs, () => {
        this.earliest = undefined;
        this.send();
      });
  }

  private send(): void {
    this.earliest?.cancel();
    this.earliest = undefined;
    this.isDue = true;
    if (!this.parts.isAwake()) return;
    this.isDue = false;
    this.sentMs = this.parts.schedule.nowMs();
    this.lastNumber = this.number();
    this.rearm();
    void this.observer.notify(this.response(), { confirmable: this.parts.confirmable });
  }

  /** What is not there any more is the end of the observation, as its code says. */
  private response(): Answer {
    return this.what.read();
  }

  private number(): number | undefined {
    const [path] = this.what.paths;
    return path && this.what.paths.length === 1 ? this.parts.numberAt(path) : undefined;
  }

  private attributes(): NotificationAttributes {
    const { paths } = this.what;
    const [only] = paths;
    if (only && paths.length === 1) return this.parts.attributesOf(only);
    const all = paths.map((path) => this.parts.attributesOf(path));
    const strictest = (name: 'pmin' | 'pmax' | 'epmin' | 'epmax', pick: (...values: number[]) => number) => {
      const values = all.flatMap((each) => each[name] ?? []);
      return values.length === 0 ? {} : { [name]: pick(...values) };
    };
    return {
      ...strictest('pmin', Math.max),
      ...strictest('pmax', Math.min),
      ...strictest('epmin', Math.max),
      ...strictest('epmax', Math.min),
    };
  }
}
