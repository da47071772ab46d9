# Cohen's f-squared of latent and observed paths from lavaan's implied covariances. Run from this folder: Rscript sem_effect_sizes.R
source("lavaan_export.R")
H <- read.csv("data/hs1939.csv")
cfa3 <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
sizes <- function(C, outcome, predictors) { r2 <- function(x) if (length(x)) drop(C[outcome, x] %*% solve(C[x, x, drop = FALSE]) %*% C[x, outcome]) / C[outcome, outcome] else 0
  full <- r2(predictors); lapply(predictors, function(p) { left <- r2(setdiff(predictors, p)); list(outcome = outcome, predictor = p, r2 = full, r2_without = left, f2 = (full - left) / (1 - full)) }) }
case <- function(id, model, outcomes, ...) { f <- sem(model, H, control = TRIES[[1]], ...); cov <- lavInspect(f, "cov.all"); if (!is.list(cov)) cov <- list(cov)
  list(id = id, model = model, options = list(...), groups = lapply(unname(cov), function(C) unname(do.call(c, Map(function(o, p) sizes(unclass(C), o, p), names(outcomes), outcomes))))) }
write_oracle(list(
  case("latent", paste0(cfa3, "\nspeed ~ visual + textual\ntextual ~ visual"), list(speed = c("visual", "textual"), textual = "visual")),
  case("groups", paste0(cfa3, "\nspeed ~ visual + textual"), list(speed = c("visual", "textual")), group = "school"),
  case("covariates", paste0(cfa3, "\nspeed ~ visual + textual + ageyr\nvisual ~ ageyr"), list(speed = c("visual", "textual", "ageyr"), visual = "ageyr")),
  case("observed", "x7 ~ x1 + x4 + ageyr", list(x7 = c("x1", "x4", "ageyr")))), "sem_effect_sizes.json")
