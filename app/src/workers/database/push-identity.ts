/** Names what is sent for somebody, for the checkpoints. It does not depend on what they may read, nor on who sends it. */
export function pushIdentity(accountId: string): string {
  return `push ${accountId} `;
}
