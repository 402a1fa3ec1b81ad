/** A value that its owner may change on several devices at once; see `register` in the documents' fields. */
export interface Register<Value> {
  readonly value: Value;
  readonly tick: number;
  readonly deviceId: string;
}

/**
 * The register after its owner changed it on a device: later than what the device knew, so that it wins over that
 * everywhere. What a newer program keeps beside the value stays. A register that was null begins at tick 1.
 */
export function bumpRegister<Value>(
  register: Register<Value> | null,
  value: Value,
  deviceId: string,
): { value: Value; tick: number; deviceId: string } {
  const tick = Math.min((register?.tick ?? 0) + 1, Number.MAX_SAFE_INTEGER);
  return { ...register, value, tick, deviceId };
}
