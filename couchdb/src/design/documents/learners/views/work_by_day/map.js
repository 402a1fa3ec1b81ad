export function map(doc) {
  // What learners did on each day (UTC) by the clocks of their devices: group level 1 counts all of it, 2 by kind.
  if (doc.type === 'attempt') emit([doc.submittedAt.slice(0, 10), 'attempt'], doc.learnerId);
  if (doc.type === 'lesson-event') emit([doc.createdAt.slice(0, 10), doc.action], doc.learnerId);
}
