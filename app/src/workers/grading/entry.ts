import { gradeQuiz, questionsWithoutKey } from '@darasa/shared/rules';
import { expose } from 'comlink';
import type { GradingApi } from './api.ts';

const grading: GradingApi = {
  async grade(quiz, answers) {
    const { questions, passingScore } = quiz;
    return questionsWithoutKey({ questions }).length > 0 ? null : gradeQuiz({ questions, answers, passingScore });
  },
};

// The page hands over a port whose other end is in the database worker.
addEventListener('message', (event: MessageEvent) => {
  if (event.data instanceof MessagePort) expose(grading, event.data);
});
