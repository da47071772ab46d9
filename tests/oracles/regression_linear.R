# Least squares with HC3 and CR2 and the intraclass correlation, by sandwich and clubSandwich.
# Run from this folder: Rscript regression_linear.R
suppressMessages({library(sandwich); library(clubSandwich); library(jsonlite)})
options(digits = 15)
set.seed(20230424)

sizes <- c(4, 9, 30, 12, 7, 22, 15, 5, 18, 8)
g <- rep(letters[seq_along(sizes)], sizes)
n <- length(g)
lift <- rnorm(10, sd = 0.4)[match(g, letters)]
pe <- round(rnorm(n, 4 + lift, 1.2), 2)
si <- round(0.4 * pe + rnorm(n, 2, 1.1), 2)
bi <- round(1 + 0.5 * pe + 0.3 * si + lift + rnorm(n, sd = 0.5 + 0.15 * pe), 2)
data <- data.frame(g, pe, si, bi)

block <- function(fit, v, df, names) {
  b <- coef(fit)[names]; se <- sqrt(diag(as.matrix(v))[names]); df <- rep_len(df, length(names))
  list(estimate = unname(b), se = unname(se), df = unname(df), lower = unname(b - qt(.975, df) * se),
       upper = unname(b + qt(.975, df) * se), p = unname(2 * pt(-abs(b / se), df)),
       r2 = summary(fit)$r.squared, r2_adjusted = summary(fit)$adj.r.squared)
}
names <- c("pe", "si")
plain <- lm(bi ~ pe + si, data)
fixed <- lm(bi ~ pe + si + g, data)
robust <- coef_test(plain, vcov = "CR2", cluster = data$g, test = "Satterthwaite")
df <- setNames(robust$df_Satt, rownames(robust))[names]

a <- anova(lm(bi ~ g, data)); msb <- a$`Mean Sq`[1]; msw <- a$`Mean Sq`[2]
m <- (n - sum(sizes^2) / n) / (10 - 1)
vif <- c(pe = 1 / (1 - summary(lm(pe ~ si, data))$r.squared), si = 1 / (1 - summary(lm(si ~ pe, data))$r.squared))
write_json(list(
  versions = list(R = as.character(getRversion()), sandwich = as.character(packageVersion("sandwich")),
                  clubSandwich = as.character(packageVersion("clubSandwich"))),
  data = as.list(data),
  hc3 = block(plain, vcovHC(plain, type = "HC3"), df.residual(plain), names),
  hc3_fixed = c(block(fixed, vcovHC(fixed, type = "HC3"), df.residual(fixed), names),
                r2_controls = summary(lm(bi ~ g, data))$r.squared),
  cr2 = block(plain, vcovCR(plain, cluster = data$g, type = "CR2"), df, names),
  vif = as.list(vif),
  icc = list(estimate = (msb - msw) / (msb + (m - 1) * msw), size = m)
), "regression_linear.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
