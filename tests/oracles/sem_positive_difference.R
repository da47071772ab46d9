# Scaled difference tests of incomplete and complete answers after Satorra & Bentler (2010). Run from this folder: Rscript sem_positive_difference.R
# Where parameters of the larger model change their meaning (freed factor means, one factor for two), its scaling factor is taken by
# hand at the values that imply the smaller model's moments; lavaan's own test carries estimates over by name.
source("lavaan_export.R")
b <- read.csv("data/bfi_bands.csv"); two <- "Ag =~ A2 + A3 + A4 + A5\nEx =~ E1 + E2 + E3 + E4"
few <- b[c(18, 41, 96, 137, 147, 199, 232, 270, 325, 410, 436, 465, 474, 488, 497, 503, 539, 615, 622, 623, 689), ]
best <- function(...) { f <- NULL; for (control in c(list(list()), TRIES[1])) { a <- suppressWarnings(sem(..., control = control, start = if (is.null(f)) "default" else f))
  if (lavInspect(a, "converged")) f <- a }; f }
by_name <- function(large, small, method) { d <- suppressWarnings(lavTestLRT(large, small, method = method)); list(method = method, chisq = d[2, "Chisq diff"], df = d[2, "Df diff"]) }
at <- function(large, small, values, ...) { pt <- parTable(large); pt$start <- pt$est; pt$start[pt$free > 0] <- values(pt)[pt$free > 0]; pt$est <- pt$start
  m <- suppressWarnings(lavaan(pt, ..., optim.method = "none", baseline = FALSE)); tests <- function(f) lavInspect(f, "test")
  stopifnot(all(abs(unlist(lavInspect(m, "implied")) - unlist(lavInspect(small, "implied"))) < 1e-5))
  r0 <- tests(small)[[1]]$df; r1 <- tests(large)[[1]]$df; factor <- (r0 * tests(small)[[2]]$scaling.factor - r1 * tests(m)[[2]]$scaling.factor) / (r0 - r1)
  list(method = "satorra.bentler.2010", chisq = (tests(small)[[1]]$stat - tests(large)[[1]]$stat) / factor, df = r0 - r1) }
groups <- lapply(list("", "loadings", c("loadings", "intercepts"), c("loadings", "intercepts", "residuals")), function(e) best(two, b, group = "gender", group.equal = e, estimator = "MLR", missing = "fiml"))
scalar <- function(pt) { s <- parTable(groups[[3]]); key <- function(p) paste(p$lhs, p$op, p$rhs, p$group); v <- s$est[match(key(pt), key(s))]
  means <- s$est[match(paste(c("Ag", "Ex"), "~1 ", 2), key(s))]; names(means) <- c("Ag", "Ex")
  for (i in which(pt$op == "~1" & pt$group == 2 & !pt$lhs %in% names(means))) { f <- pt$lhs[pt$op == "=~" & pt$rhs == pt$lhs[i] & pt$group == 2]
    v[i] <- v[i] + means[[f]] * v[pt$op == "=~" & pt$rhs == pt$lhs[i] & pt$group == 2] }; v }
one_factor <- function(pt) { s <- parTable(one); item <- function(p) ifelse(p$op == "=~", p$rhs, p$lhs); v <- s$est[match(paste(pt$op, item(pt)), paste(s$op, item(s)))]
  v[pt$lhs == "Ag" & pt$rhs == "Ex"] <- 1; v }
set <- function(d, estimator, missing, model = two, ...) best(model, d, estimator = estimator, missing = missing, ...)
none <- paste0(two, "\nAg ~~ 0*Ex"); large <- set(b, "MLR", "fiml"); std <- set(b, "MLR", "fiml", std.lv = TRUE); one <- set(b, "MLR", "fiml", "Al =~ A2 + A3 + A4 + A5 + E1 + E2 + E3 + E4", std.lv = TRUE)
equal <- "Ag =~ A2 + A3 + A4 + A5\nEx =~ E1 + E2 + c*E3 + c*E4"
write_oracle(list(), "sem_positive_difference.json", data = "bfi_bands", two = two, few = as.integer(rownames(few)), equal = equal,
  metric = by_name(groups[[1]], groups[[2]], "satorra.bentler.2010"), scalar = at(groups[[2]], groups[[3]], scalar, data = b, group = "gender", estimator = "MLR", missing = "fiml"),
  strict = by_name(groups[[3]], groups[[4]], "satorra.bentler.2010"), uncorrelated = by_name(large, set(b, "MLR", "fiml", none), "satorra.bentler.2010"),
  one_factor = at(std, one, one_factor, data = b, estimator = "MLR", missing = "fiml"),
  mlm = by_name(set(b, "MLM", "listwise"), set(b, "MLM", "listwise", none), "satorra.bentler.2010"),
  mlr = by_name(set(b, "MLR", "listwise"), set(b, "MLR", "listwise", none), "satorra.bentler.2010"),
  negative_2001 = by_name(set(few, "MLR", "fiml"), set(few, "MLR", "fiml", equal), "satorra.bentler.2001")$chisq)
