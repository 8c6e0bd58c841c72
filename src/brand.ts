/** Which of the two products: `feishu` (mainland China) or `lark` (elsewhere). They share no apps and no users. */
export type Brand = "feishu" | "lark";
