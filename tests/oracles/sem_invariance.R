# Invariance ladders, their differences and score tests, latent means and path differences. Run from this folder: Rscript sem_invariance.R
source("lavaan_export.R")
suppressMessages({library(psych); library(semTools)})
best <- function(make) { f <- NULL; for (control in c(list(list()), TRIES[2])) { a <- suppressWarnings(make(control, if (is.null(f)) "default" else f)); if (lavInspect(a, "converged")) f <- a }; f }
wanted <- c("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "srmr", "npar", "chisq.scaled", "cfi.scaled", "rmsea.scaled", "cfi.robust", "rmsea.robust", "logl", "aic", "bic")
measures <- function(f) { v <- fitMeasures(f); v <- as.list(v[intersect(wanted, names(v))]); setNames(v, gsub(".", "_", names(v), fixed = TRUE)) }
difference <- function(a, b, ...) { d <- suppressWarnings(lavTestLRT(a, b, ...)); list(chisq = d[2, "Chisq diff"], df = d[2, "Df diff"], pvalue = d[2, "Pr(>Chisq)"]) }
differences <- function(fits, methods) setNames(lapply(methods, function(m) lapply(seq_along(fits)[-1], function(i) difference(fits[[i - 1]], fits[[i]], method = m))), methods)
finish <- function(id, data_name, model, options, fits, methods, ...) { cat(id, "\n"); names(options) <- gsub(".", "_", names(options), fixed = TRUE)
  list(id = id, data = data_name, model = model, options = options, levels = lapply(fits, measures), differences = differences(fits, methods), ...) }
scores <- function(f) { s <- suppressWarnings(lavTestScore(f)); pt <- parTable(f); at <- function(p) { r <- pt[match(p, pt$plabel), ]; list(name = paste0(r$lhs, r$op, r$rhs), group = r$group) }
  list(total = s$test$X2, single = Map(function(l, r, x) c(at(r), first = at(l)$group, list(chisq = x)), s$uni$lhs, s$uni$rhs, s$uni$X2, USE.NAMES = FALSE)) }
EQUAL <- list(configural = "", metric = "loadings", scalar = c("loadings", "intercepts"), strict = c("loadings", "intercepts", "residuals"), means = c("loadings", "intercepts", "residuals", "means"))
ladder <- function(id, data_name, model, d, group, methods = "default", partial = NULL, ...) {
  fits <- lapply(EQUAL, function(equal) best(function(control, start) sem(model, data = d, group = group, group.equal = equal, group.partial = partial, control = control, start = start, ...)))
  finish(id, data_name, model, list(group = group, group.partial = partial, ...), fits, methods, scores = if (is.null(partial)) scores(fits$scalar)) }
ORDINAL <- list(configural = character(), thresholds = "thresholds", loadings = c("thresholds", "loadings"), intercepts = c("thresholds", "loadings", "intercepts"), residuals = c("thresholds", "loadings", "intercepts", "residuals"))
ordinal <- function(id, data_name, model, d, items, group, ...) {
  fits <- lapply(ORDINAL, function(equal) { text <- suppressMessages(as.character(measEq.syntax(model, data = d, ordered = items, parameterization = "theta", ID.fac = "std.lv",
    ID.cat = "Wu.Estabrook.2016", group = group, group.equal = equal, ...)))
    best(function(control, start) cfa(text, data = d, ordered = items, parameterization = "theta", std.lv = TRUE, group = group, control = control, start = start)) })
  finish(id, data_name, model, list(group = group, ordered = items), fits, "default", partial = list(...)$group.partial, scores = if (is.null(list(...)$group.partial)) scores(fits$loadings)) }
hs <- HolzingerSwineford1939; names(hs) <- sub("^sex$", "gender", names(hs)); hs$class <- ifelse(hs$ageyr <= 12, "young", ifelse(hs$ageyr == 13, "middle", "old"))
save_data("hs_sexes", hs[, c("gender", "school", "class", paste0("x", 1:9))])
b <- bfi[1:700, c(paste0("A", 2:5), paste0("E", 1:4), "gender", "education")]; b$band <- ifelse(b$education <= 2, "school", ifelse(b$education == 3, "college", "degree"))
save_data("bfi_bands", b); merge <- function(x, cuts) cut(x, cuts, labels = FALSE)
o <- bfi[1:1000, c(paste0("N", 1:4), paste0("C", 1:3), "gender", "education")]; o$band <- ifelse(o$education <= 2, "school", ifelse(o$education == 3, "college", "degree"))
o$N1 <- merge(o$N1, c(0, 3, 6)); o$N2 <- merge(o$N2, c(0, 2, 4, 6)); o$N3 <- merge(o$N3, c(0, 2, 3, 4, 6)); o$N4 <- merge(o$N4, c(0, 2, 3, 4, 6)); for (v in paste0("C", 1:3)) o[[v]] <- merge(o[[v]], c(0, 2, 3, 4, 5, 6))
o <- o[!is.na(o$band), ]; save_data("bfi_ordered_bands", o); s <- sat.act; s$SATV <- s$SATV / 100; s$SATQ <- s$SATQ / 100; save_data("sat", s)
three <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"; two <- "Ag =~ A2 + A3 + A4 + A5\nEx =~ E1 + E2 + E3 + E4"; ord <- "Ne =~ N1 + N2 + N3 + N4\nCo =~ C1 + C2 + C3"
aggression <- read.csv("data/va.csv") # of sem_other_data.R
both <- c("default", "satorra.2000"); ordered_items <- c(paste0("N", 1:4), paste0("C", 1:3))
cases <- list(
  ladder("hs_ml", "hs_sexes", three, hs, "gender"), ladder("hs_mlr", "hs_sexes", three, hs, "gender", both, estimator = "MLR"), ladder("hs_mlm", "hs_sexes", three, hs, "gender", both, estimator = "MLM"),
  ladder("hs_std_lv_three_groups", "hs_sexes", three, hs, "class", both, estimator = "MLR", std.lv = TRUE), ladder("hs_partial", "hs_sexes", three, hs, "school", both, c("x3~1", "x7~1", "speed=~x8"), estimator = "MLR"),
  ladder("bfi_mlr", "bfi_bands", two, b, "band", both, estimator = "MLR"), ladder("bfi_fiml", "bfi_bands", two, b, "gender", estimator = "MLR", missing = "fiml"),
  ladder("sat_mlr", "sat", "ability =~ ACT + SATV + SATQ", s, "gender", both, estimator = "MLR"),
  ordinal("ordinal", "bfi_ordered_bands", ord, o, ordered_items, "gender"), ordinal("ordinal_three_groups", "bfi_ordered_bands", ord, o, ordered_items, "band"),
  ordinal("ordinal_partial", "bfi_ordered_bands", ord, o, ordered_items, "gender", group.partial = c("N3|t2", "Co=~C3", "C2~1", "C1~~C1")),
  ordinal("ordinal_aggression", "va", "want =~ S1WantCurse + S1WantScold + S2WantCurse + S2WantScold\ndo =~ S1DoCurse + S1DoScold + S2DoCurse + S2DoScold", aggression, names(aggression)[3:10], "Gender"),
  ordinal("ordinal_mixed", "bfi_ordered_bands", "Ne =~ N1 + N2 + N3 + N4 + C3", o, c("N1", "N2", "N3", "N4"), "gender"))
path <- best(function(control, start) sem("visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9\nspeed ~ c(a1, a2)*visual + c(b1, b2)*textual\nda := a2 - a1\ndb := b2 - b1", data = hs, group = "gender", group.equal = "loadings", estimator = "MLR", control = control, start = start))
tied <- best(function(control, start) sem(paste0(three, "\nspeed ~ visual + textual"), data = hs, group = "gender", group.equal = c("loadings", "regressions"), estimator = "MLR", control = control, start = start))
pe <- parameterEstimates(path); n <- as.numeric(table(factor(hs$gender, unique(hs$gender)))); w <- n / sum(n)
means <- best(function(control, start) sem(three, data = hs, group = "gender", group.equal = c("loadings", "intercepts"), estimator = "MLR", control = control, start = start))
pt <- parTable(means); row <- function(op, g) which(pt$lhs == "visual" & pt$op == op & (op == "~1" | pt$rhs == "visual") & pt$group == g); at <- c(row("~1", 2), row("~~", 1), row("~~", 2))
me <- parameterEstimates(means); value <- pt$est[at]; pooled <- w[1] * value[2] + w[2] * value[3]; d <- value[1] / sqrt(pooled); slope <- c(1 / sqrt(pooled), -0.5 * d / pooled * w[1], -0.5 * d / pooled * w[2])
effect <- list(est = d, se = sqrt(drop(t(slope) %*% vcov(means)[pt$free[at], pt$free[at]] %*% slope)))
conf <- best(function(control, start) cfa(three, data = hs, group = "gender", meanstructure = TRUE, control = control, start = start)); est <- lavInspect(conf, "est")
bias <- function(i, anchor, f) { g <- lapply(est, function(e) { l <- e$lambda[i, f] / e$lambda[anchor, f]; list(l = l, t = e$nu[i, 1] - l * e$nu[anchor, 1], m = e$nu[anchor, 1], v = e$lambda[anchor, f]^2 * e$psi[f, f]) })
  density <- function(x) dnorm(x, g[[2]]$m, sqrt(g[[2]]$v)); gap <- function(x) g[[2]]$t + g[[2]]$l * x - g[[1]]$t - g[[1]]$l * x; sds <- tapply(hs[[i]], factor(hs$gender, unique(hs$gender)), sd)
  sqrt(integrate(function(x) gap(x)^2 * density(x), g[[2]]$m - 40, g[[2]]$m + 40, rel.tol = 1e-10)$value) / (sum((n - 1) * sds) / sum(n - 1)) }
paths <- list(model = paste0(three, "\nspeed ~ visual + textual"), data = "hs_sexes", group = "gender", differences = keep(pe[pe$op == ":=", ], c("lhs", "est", "se", "pvalue")), omnibus = difference(path, tied),
  holm = p.adjust(pe$pvalue[pe$op == ":="], "holm"), mean = as.list(keep(me[me$lhs == "visual" & me$op == "~1" & me$group == 2, ], c("est", "se"))), d = effect,
  dmacs = as.list(sapply(paste0("x", 1:9), function(i) { f <- c("visual", "textual", "speed")[(as.integer(substr(i, 2, 2)) - 1) %/% 3 + 1]; bias(i, c(visual = "x1", textual = "x4", speed = "x7")[[f]], f) })))
write_oracle(cases, "sem_invariance.json", psych = as.character(packageVersion("psych")), semTools = as.character(packageVersion("semTools")), paths = paths)
