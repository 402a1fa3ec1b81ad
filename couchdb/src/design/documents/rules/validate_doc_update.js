export function validate_doc_update(newDoc, oldDoc, userCtx) {
  // The rules are written once, in shared/src/rules; lib/rules is their bundle.
  require('lib/rules').validateDocUpdate(newDoc, oldDoc, userCtx);
}
