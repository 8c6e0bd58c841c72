/** `answer`, which may fail before anybody waits for it. */
export function handled<T>(answer: Promise<T>): Promise<T> {
  answer.catch(() => {});
  return answer;
}
