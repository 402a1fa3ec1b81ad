import type { AccountKind } from '@darasa/couchdb/provisioning';

export interface AccountChangeCase {
  readonly actor: { readonly accountId: string; readonly operator: boolean };
  /** The account before the change; null when it is being made. */
  readonly before: { readonly id: string; readonly operator: boolean } | null;
  readonly kind: AccountKind;
  readonly change: { readonly operator?: boolean | undefined; readonly disabled?: boolean | undefined };
}

export type AccountChangeProblem = 'operators-only' | 'own-account' | 'operator-kind';

/**
 * Why an admin may not make a change, or null. An operator reaches every school's data, so an admin must not become one
 * by a detour: by the role, or by the password of somebody who has it.
 */
export function accountChangeProblem({ actor, before, kind, change }: AccountChangeCase): AccountChangeProblem | null {
  const wasOperator = before?.operator ?? false;
  const operator = change.operator ?? wasOperator;
  if (!actor.operator && (wasOperator || operator)) return 'operators-only';
  if (operator && kind !== 'admin') return 'operator-kind';
  // Else a school could be left with nobody who may open it again.
  if (before?.id === actor.accountId && (change.disabled === true || operator !== wasOperator)) return 'own-account';
  return null;
}
