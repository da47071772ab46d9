# Reliability and validity of three real data sets by psych, semTools and lavaan.
# Run from this folder: Rscript scoring_measurement.R
suppressMessages({library(lavaan); library(semTools); library(psych); library(jsonlite)})
options(digits = 15, warn = 1)

number_matrix <- function(m) unname(as.matrix(m))

scale_block <- function(x) {
  cc <- x[complete.cases(x), , drop = FALSE]; k <- ncol(cc)
  a <- suppressWarnings(psych::alpha(cc, check.keys = FALSE, n.iter = 1))
  ci <- alpha.ci(a$total$raw_alpha, nrow(cc), k)
  list(n = nrow(cc), alpha = a$total$raw_alpha, standardised = a$total$std.alpha, mean_interitem = a$total$average_r,
       feldt = c(ci$lower.ci, ci$upper.ci),
       item_rest = sapply(seq_len(k), function(i) cor(cc[[i]], rowSums(cc[, -i, drop = FALSE]))),
       dropped = if (k > 2) a$alpha.drop$raw_alpha else rep(NA, k))
}

item_block <- function(x) {
  d <- as.data.frame(psych::describe(x, type = 2))
  lapply(seq_len(nrow(d)), function(i) list(item = rownames(d)[i], n = d$n[i], mean = d$mean[i], sd = d$sd[i],
    median = d$median[i], skewness = d$skew[i], kurtosis = d$kurtosis[i],
    floor = mean(x[[i]] == min(x[[i]], na.rm = TRUE), na.rm = TRUE),
    ceiling = mean(x[[i]] == max(x[[i]], na.rm = TRUE), na.rm = TRUE)))
}

# omega of every factor as a defined parameter, with lavaan's own delta-method SE, also on the logit scale
omega_by_lavaan <- function(model, data, blocks) {
  base <- lavaanify(model, auto = TRUE, std.lv = FALSE)
  residual_pairs <- subset(base, op == "~~" & lhs != rhs & lhs %in% unlist(blocks))
  lines <- c(); defined <- c()
  for (f in names(blocks)) {
    items <- blocks[[f]]
    lines <- c(lines, paste0(f, " =~ ", paste0("NA*", items, " + l", items, "*", items, collapse = " + ")))
    lines <- c(lines, paste0(f, " ~~ 1*", f), paste0(items, " ~~ e", items, "*", items))
    inside <- subset(residual_pairs, lhs %in% items & rhs %in% items)
    extra <- if (nrow(inside)) paste0(" + 2*c", inside$lhs, inside$rhs, collapse = "") else ""
    top <- paste0("(", paste0("l", items, collapse = " + "), ")^2")
    defined <- c(defined, paste0("om", f, " := ", top, " / (", top, " + ", paste0("e", items, collapse = " + "), extra, ")"),
                 paste0("lo", f, " := log(om", f, " / (1 - om", f, "))"))
  }
  if (nrow(residual_pairs)) lines <- c(lines, paste0(residual_pairs$lhs, " ~~ c", residual_pairs$lhs, residual_pairs$rhs, "*", residual_pairs$rhs))
  pe <- parameterEstimates(cfa(paste(c(lines, defined), collapse = "\n"), data))
  lapply(setNames(names(blocks), names(blocks)), function(f) {
    om <- subset(pe, lhs == paste0("om", f)); lo <- subset(pe, lhs == paste0("lo", f))
    list(estimate = om$est, se = om$se, lower = plogis(lo$ci.lower), upper = plogis(lo$ci.upper)) })
}

measurement <- function(model, data, blocks, pairwise = FALSE) {
  fit <- cfa(model, data); est <- lavInspect(fit, "est"); v <- vcov(fit)
  pt <- subset(parTable(fit), free > 0)
  ss <- standardizedSolution(fit); l <- subset(ss, op == "=~")
  loads <- lapply(setNames(names(blocks), names(blocks)), function(f) l$est.std[l$lhs == f])
  out <- list(model = model, items = rownames(est$lambda), factors = colnames(est$lambda),
    loadings = number_matrix(est$lambda), factor_covariance = number_matrix(est$psi), residual_covariance = number_matrix(est$theta),
    observed_covariance = number_matrix(lavInspect(fit, "sampstat")$cov), latent_correlation = number_matrix(lavInspect(fit, "cor.lv")),
    parameters = lapply(seq_len(nrow(pt)), function(i) c(pt$lhs[i], pt$op[i], pt$rhs[i])), vcov = number_matrix(v),
    standardised_loadings = loads,
    omega_model = as.list(suppressWarnings(compRelSEM(fit, obs.var = FALSE))),
    omega_observed = as.list(suppressWarnings(compRelSEM(fit, obs.var = TRUE))),
    omega_delta = omega_by_lavaan(model, data, blocks),
    ave_semtools = as.list(suppressWarnings(AVE(fit))),
    blocks = blocks, scales = lapply(blocks, function(v) scale_block(data[, v, drop = FALSE])))
  lines <- paste0(names(blocks), " =~ ", sapply(blocks, paste, collapse = " + "), collapse = "\n")
  ratio <- function(two, missing) number_matrix(suppressWarnings(htmt(lines, data, missing = missing, htmt2 = two)))
  out$htmt <- list(listwise = ratio(FALSE, "listwise"), pairwise = ratio(FALSE, "pairwise"))
  out$htmt2 <- list(listwise = ratio(TRUE, "listwise"), pairwise = ratio(TRUE, "pairwise"))
  out
}

ranks <- function(x, y) {
  ok <- complete.cases(x, y); x <- x[ok]; y <- y[ok]; n <- length(x)
  test <- suppressWarnings(cor.test(x, y, method = "spearman", exact = FALSE)); r <- unname(test$estimate)
  half <- qnorm(.975) * sqrt((1 + r^2 / 2) / (n - 3))
  list(n = n, rho = r, lower = tanh(atanh(r) - half), upper = tanh(atanh(r) + half), p = test$p.value)
}

bfi_items <- c("A1", "A2", "A3", "A4", "A5", "C1", "C2", "C3", "C4", "C5", "N1", "N2")
b <- psych::bfi[1:500, bfi_items]; for (v in c("A1", "C4", "C5")) b[[v]] <- 7 - b[[v]]
hs <- HolzingerSwineford1939[, paste0("x", 1:9)]
pd <- PoliticalDemocracy

B <- list(A = bfi_items[1:5], C = bfi_items[6:10], N = bfi_items[11:12])
H <- list(visual = paste0("x", 1:3), textual = paste0("x", 4:6), speed = paste0("x", 7:9))
P <- list(ind60 = paste0("x", 1:3), dem60 = paste0("y", 1:4), dem65 = paste0("y", 5:8))
lines <- function(blocks) paste0(names(blocks), " =~ ", sapply(blocks, paste, collapse = " + "), collapse = "\n")
frame <- function(d) list(columns = names(d), rows = number_matrix(d))
cases <- list(
  bfi = list(note = "psych::bfi, rows 1-500; A1, C4, C5 turned round (7 - x)", data = frame(b), items = item_block(b),
    fit = measurement(lines(B), b, B), spearman = ranks(b$A2, b$N1), mean_interval = t.test(b$A3)$conf.int[1:2]),
  hs1939 = list(note = "lavaan::HolzingerSwineford1939, x1-x9", data = frame(hs), items = item_block(hs),
    fit = measurement(lines(H), hs, H), spearman = ranks(hs$x1, hs$x9), mean_interval = t.test(hs$x1)$conf.int[1:2]),
  bollen = list(note = "lavaan::PoliticalDemocracy with residual covariances", data = frame(pd), items = item_block(pd),
    fit = measurement(paste0(lines(P), "\ny1 ~~ y5\ny2 ~~ y4\ny2 ~~ y6\ny3 ~~ y7\ny4 ~~ y8\ny6 ~~ y8"), pd, P),
    spearman = ranks(pd$y1, pd$x1), mean_interval = t.test(pd$y1)$conf.int[1:2]))
versions <- list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")),
  semTools = as.character(packageVersion("semTools")), psych = as.character(packageVersion("psych")))
writeLines(toJSON(list(versions = versions, cases = cases), digits = NA, auto_unbox = TRUE, na = "null", null = "null"), "scoring_measurement.json")
