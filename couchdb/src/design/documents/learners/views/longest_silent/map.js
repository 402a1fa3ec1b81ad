export function map(doc) {
  // Devices by when they were last heard from: those silent the longest come first.
  if (doc.type === 'contact') emit(doc.lastHeardAt, { learnerId: doc.learnerId, device: doc.heardFrom, received: doc.received });
}
