import { ProvisionUsersDocument } from '@chorus/sdk';
import type { Bulk } from './bulk.ts';
import { inGroups } from './limiter.ts';

export interface NewPerson {
  handle: string;
  /** The display name. */
  name: string;
  /** ISO 8601. */
  createdAt?: string;
}

/** Everyone met so far, by handle. Its size is the number of people, whatever the size of the files. */
export interface People {
  /** Makes sure that these people exist. Who is known already costs nothing. */
  ensure(people: readonly NewPerson[]): Promise<void>;
  /** @throws Error for a handle that was never ensured */
  idOf(handle: string): string;
  count(): number;
}

const PER_CALL = 100;

export function createPeople(bulk: Bulk): People {
  // A promise from the first asking on: files read side by side ask for the same people.
  const known = new Map<string, Promise<void>>();
  const ids = new Map<string, string>();

  const provision = async (group: NewPerson[]) => {
    const { provisionUsers } = await bulk.request(ProvisionUsersDocument, { input: group });
    for (const user of provisionUsers?.users ?? []) if (user) ids.set(user.handle, user.id);
    const missing = group.find(({ handle }) => !ids.has(handle));
    if (missing) throw new Error(`the server did not make ${missing.handle}`);
  };

  return {
    async ensure(people) {
      const unknown = new Map(people.filter(({ handle }) => !known.has(handle)).map((one) => [one.handle, one]));
      for (const group of inGroups([...unknown.values()], PER_CALL)) {
        const made = provision(group);
        for (const { handle } of group) known.set(handle, made);
      }
      await Promise.all(people.flatMap(({ handle }) => known.get(handle) ?? []));
    },
    idOf(handle) {
      const id = ids.get(handle);
      if (id === undefined) throw new Error(`nobody has made ${handle}`);
      return id;
    },
    count: () => ids.size,
  };
}
