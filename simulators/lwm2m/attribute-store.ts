import {
  type AttributeChange,
  changeAttributes,
  checkAttributes,
  effectiveAttributes,
  type NotificationAttributes,
} from '../../core/protocols/lwm2m/attributes.ts';
import { Lwm2mPath } from '../../core/protocols/lwm2m/path.ts';
import type { DataType } from '../../core/protocols/lwm2m/value.ts';

const none: NotificationAttributes = {};

/** What a server has set about its notifications, by path (LwM2M Core 1.1.1, 5.1.2). */
export class AttributeStore {
  private readonly byPath = new Map<string, NotificationAttributes>();

  /** Of the path itself. */
  at(path: Lwm2mPath): NotificationAttributes {
    return this.byPath.get(`${path}`) ?? none;
  }

  /** With what it takes from above. */
  effective(path: Lwm2mPath): NotificationAttributes {
    const levels = path.ids.map((_, level) => this.at(Lwm2mPath.of(...path.ids.slice(0, level + 1))));
    return effectiveAttributes(levels);
  }

  /** @throws Lwm2mCodecError for what contradicts itself, or has no meaning there */
  change(path: Lwm2mPath, change: AttributeChange, type: DataType | undefined): void {
    const changed = changeAttributes(this.at(path), change);
    checkAttributes(changed, { kind: path.kind, type });
    if (Object.keys(changed).length === 0) this.byPath.delete(`${path}`);
    else this.byPath.set(`${path}`, changed);
  }

  clear(): void {
    this.byPath.clear();
  }
}
