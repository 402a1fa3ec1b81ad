export function map(doc) {
  // When a learner was last heard from, over all devices: `max`, in milliseconds since 1970 on the server's clock; group level 1.
  if (doc.type === 'contact') emit([doc.learnerId, doc.heardFrom], Date.parse(doc.lastHeardAt));
}
