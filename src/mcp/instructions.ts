/** What clients tell a model about the server as a whole. */
export const INSTRUCTIONS: string =
  "Hands out Feishu (Lark) access tokens of one configured app. Ask for a token right before you use it instead of " +
  "keeping one: answers are cached and cheap. A tenant token acts as the app itself; to act as a person, let that " +
  "person log in once with start_feishu_login: the server keeps and renews the login, and get_feishu_user_token returns " +
  "its token. Treat every token as a secret: use it in an Authorization header only, never print it, store it in a " +
  "file, or repeat it in an answer. A failed call says what to do next; do that instead of repeating the call.";
