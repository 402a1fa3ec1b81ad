/** A small course that keeps every rule of `demo/README.md`: its files by path. */
export const sampleCourseFiles = {
  'course.json': JSON.stringify(
    {
      id: 'tea-1',
      title: 'Tea',
      summary: 'Boil water and make tea.',
      language: 'en',
      programme: 'skills',
      category: 'business',
      tier: 'adults',
      grade: null,
      level: 'beginner',
      tags: ['tea'],
      featured: false,
      open: true,
      sections: [{ id: 'water', title: 'Water', items: [{ lesson: 'boiling' }, { quiz: 'check' }, { quiz: 'exam' }] }],
    },
    null,
    1,
  )
    .replace(/\{\s+"(lesson|quiz)": "(\w+)"\s+\}/g, '{ "$1": "$2" }')
    .replace(/: \[\s+/g, ': ['),
  'lessons/boiling.md': `---
title: Boiling water
summary: How water boils.
minutes: 10
---

Water boils at $100$ degrees. If $a<b$ the inequality is no tag, nor is \`<b>\` in code.

![A pot on a fire, steam above it.](figure:pot.svg "A pot")

\`\`\`python
print("<tea>")
\`\`\`

::: note Hot
Steam hurts.
:::

:::: try Look
When do bubbles rise?
::: solution
When it boils.
:::
::::

::: arabic
شاي
:::
`,
  'figures/pot.svg':
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200"><rect width="320" height="200" fill="#fbf6ea"/><circle cx="90" cy="90" r="40" fill="#0b5f5b" stroke="#1f1a14" stroke-width="2"/><text x="20" y="30" font-family="sans-serif" font-size="18" fill="#1f1a14">Pot</text></svg>',
  'quizzes/check.json': `{
  "id": "check", "title": "Check", "passingScore": 0.6, "exam": false,
  "questions": [
    { "id": "q1", "kind": "single", "points": 1, "prompt": "Where?", "options": [{ "id": "a", "text": "Sea" }, { "id": "b", "text": "Pot" }], "key": { "option": "b" }, "explanation": "In the pot." },
    { "id": "q2", "kind": "numeric", "points": 1, "prompt": "How hot?", "unit": "degrees", "key": { "value": 100, "tolerance": 1 }, "explanation": "100." },
    { "id": "q3", "kind": "short-text", "points": 1, "prompt": "What rises?", "key": { "accepted": ["steam"] }, "explanation": "Steam." }
  ]
}`,
  'quizzes/exam.json': `{
  "id": "exam", "title": "Exam", "passingScore": 0.5, "exam": true,
  "questions": [{ "id": "q1", "kind": "true-false", "points": 2, "prompt": "It boils.", "key": { "value": true }, "explanation": "It does." }]
}`,
};
