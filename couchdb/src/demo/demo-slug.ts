/** The short name of the demo school. */
export const DEMO_SLUG = 'greenhill';
