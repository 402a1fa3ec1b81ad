interface Counted {
  readonly deviceId: string;
  readonly seq: number;
  readonly createdAt: string;
}

/**
 * What a person did, in order. On one device the device's counter decides, whatever its clock did. Between devices only
 * clocks can tell, so there each deed counts as no earlier than the deeds before it on its own device.
 */
export function inOrder<Deed extends Counted>(deeds: readonly Deed[]): readonly Deed[] {
  const latest = new Map<string, string>();
  return [...deeds]
    .sort((one, other) => one.seq - other.seq)
    .map((deed) => {
      let at = latest.get(deed.deviceId) ?? '';
      if (deed.createdAt > at) at = deed.createdAt;
      latest.set(deed.deviceId, at);
      return { deed, at };
    })
    .sort(({ at: one, deed: a }, { at: other, deed: b }) => {
      if (one !== other) return one < other ? -1 : 1;
      return a.deviceId === b.deviceId ? a.seq - b.seq : a.deviceId < b.deviceId ? -1 : 1;
    })
    .map(({ deed }) => deed);
}
