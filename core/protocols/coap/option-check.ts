import { codes } from './codes.ts';
import { CoapError } from './errors.ts';
import type { CoapMessage, CoapOption, MessageContent } from './message.ts';
import { isCritical, isUnfit, optionNumbers, optionText } from './options.ts';

const { uriHost, uriPort, uriPath, uriQuery, accept, block1, block2 } = optionNumbers;

/** Critical options that the endpoint or every handler looks at. The others are for who knows them. */
const understoodInRequests: readonly number[] = [uriHost, uriPort, uriPath, uriQuery, accept, block1, block2];
const understoodInResponses: readonly number[] = [block1, block2];

/** What the critical options of a request come to (RFC 7252 5.4.1). */
export class RequestOptionCheck {
  private readonly understood: ReadonlySet<number>;

  constructor(furtherOptions: readonly number[]) {
    this.understood = new Set([...understoodInRequests, ...furtherOptions]);
  }

  /** The number of a critical option that is not understood, or is there with a wrong length or once too often. */
  findCritical(options: readonly CoapOption[]): number | undefined {
    for (let index = 0; index < options.length; index++) {
      const { number } = options[index] as CoapOption;
      if (isCritical(number) && (!this.understood.has(number) || isUnfit(options, index))) return number;
    }
    return undefined;
  }
}

/** The same for a response: the error that its request comes to. */
export function criticalProblem({ code, options }: MessageContent): CoapError | undefined {
  // libcoap shows there what it did not understand itself.
  if (code === codes.badOption) return undefined;
  for (let index = 0; index < options.length; index++) {
    const { number } = options[index] as CoapOption;
    if (!isCritical(number)) continue;
    if (understoodInResponses.includes(number) && !isUnfit(options, index)) continue;
    const text = `the response has the critical option ${optionText(number)}, which is not understood in this form`;
    return new CoapError('coap.badOption', text);
  }
  return undefined;
}

/** The message without the elective options that are to be passed over (RFC 7252 5.4.3, 5.4.5). */
export function withoutUnfit<Message extends CoapMessage>(message: Message): Message {
  const { options } = message;
  for (let index = 0; index < options.length; index++) {
    if (isUnfit(options, index)) {
      return { ...message, options: options.filter((_, other) => !isUnfit(options, other)) };
    }
  }
  return message;
}
