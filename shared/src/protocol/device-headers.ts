/**
 * What a device says of itself with each request of replication, so that a teacher can see when it was last heard from.
 * Both are optional.
 */
/** The device's id. */
export const DEVICE_HEADER = 'Darasa-Device';
/** The device's clock, in milliseconds since 1970. */
export const CLOCK_HEADER = 'Darasa-Clock';
