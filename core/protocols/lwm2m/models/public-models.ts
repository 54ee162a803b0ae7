/*!
 * The definitions of LwM2M objects in public-models.json come from the OMA LwM2M registry by way of
 * @nordicsemiconductor/lwm2m-types, both under the BSD 3-Clause licence:
 *
 * Copyright (c) 2022-2023, Nordic Semiconductor ASA | nordicsemi.no
 * Copyright 2016-2021 Open Mobile Alliance, and the submitters of the objects.
 * All rights reserved.
 *
 * Redistribution and use in source and binary forms, with or without
 * modification, are permitted provided that the following conditions are met:
 *
 * 1. Redistributions of source code must retain the above copyright notice, this
 *    list of conditions and the following disclaimer.
 *
 * 2. Redistributions in binary form must reproduce the above copyright notice,
 *    this list of conditions and the following disclaimer in the documentation
 *    and/or other materials provided with the distribution.
 *
 * 3. Neither the name of the copyright holder nor the names of its
 *    contributors may be used to endorse or promote products derived from
 *    this software without specific prior written permission.
 *
 * THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS"
 * AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE
 * IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
 * DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
 * FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
 * DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
 * SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
 * CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
 * OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
 * OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
 *
 * Objects of IPSO are under the MIT licence:
 *
 * Copyright (c) 2018 IPSO.
 *
 * Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
 * documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
 * rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
 * persons to whom the Software is furnished to do so, subject to the following conditions:
 *
 * The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
 * Software.
 *
 * THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
 * WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
 * COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
 * OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
 */
import { type CompactObject, expandModel } from './compact-model.ts';
import type { ObjectModel } from './object-model.ts';
import { type ModelSource, ObjectModels } from './object-models.ts';

/** A line of the file begins with the id, so that an object is read only when it is asked for. */
const idOf = (line: string): number => Number(/^\{"id":(\d+),/.exec(line)?.[1]);

function publicSource(lines: readonly string[]): ModelSource {
  const byId = new Map(lines.map((line) => [idOf(line), line] as const));
  const read = new Map<number, readonly ObjectModel[]>();
  return {
    ids: [...byId.keys()],
    versionsOf: (objectId) => {
      const found = read.get(objectId);
      if (found) return found;
      const line = byId.get(objectId);
      if (line === undefined) return [];
      const versions = expandModel(JSON.parse(line) as CompactObject);
      read.set(objectId, versions);
      return versions;
    },
  };
}

let loading: Promise<ObjectModels> | undefined;

/** The public models: the objects that OMA's registry holds. They are loaded when first asked for, once. */
export function publicModels(): Promise<ObjectModels> {
  loading ??= import('./public-models.json', { with: { type: 'json' } }).then(
    ({ default: lines }) => new ObjectModels(publicSource(lines)),
  );
  return loading;
}
